#ifndef CT_LIVE_MAPS_H
#define CT_LIVE_MAPS_H
/*
 * Which memory of a running process is shared, and with whom: the kernel's own list, so that
 * nothing of the trace has to be read.
 * Source: proc_pid_maps(5).
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/status.h"

/* Shared memory; private memory is not listed. */
struct ct_shared_range {
	uint64_t start, end;
	uint64_t device, inode, offset; /* two ranges of one device and inode are the same memory */
};

struct ct_shared_maps {
	struct ct_shared_range *ranges;
	size_t count, cap;
};

/* `tid`: any living thread; the list of a process whose first thread has ended is empty. Adds to
 * what is there; without /proc nothing is added. */
CT_MUST_CHECK enum ct_status ct_shared_maps_read(struct ct_shared_maps *maps, pid_t pid, pid_t tid);
void ct_shared_maps_fini(struct ct_shared_maps *maps);

/* NULL: the address is private. */
const struct ct_shared_range *ct_shared_maps_find(const struct ct_shared_maps *maps,
						  uint64_t address);

/* One line of the list; false: it is private memory, or no such line. */
bool ct_shared_maps_parse(const char *line, struct ct_shared_range *out);

#endif
