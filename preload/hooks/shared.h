#ifndef CT_HOOKS_SHARED_H
#define CT_HOOKS_SHARED_H
/*
 * Memory that this process shares with others: defines it in the trace, under an identity that all
 * of them find, and remembers where it lies. The memory is a file's (device, inode, offset), or
 * anonymous: device 0 and a number that is unique in the trace, or a System V segment
 * (CT_DEVICE_SYSV, id); children inherit all of them.
 *
 * The table of ranges is a filter: it may keep a range for longer than it is mapped, which costs an
 * extra definition and does not make one wrong. What does not fit in it ends for the reader when
 * something else is mapped there.
 */
#include <stddef.h>
#include <stdint.h>

#define CT_SHARED_MAX 1024u

struct ct_shared {
	uintptr_t start;
	size_t size; /* 0: none */
	uint64_t device, inode, offset;
};

/* `memory` now is `size` bytes of the file from `offset` on; fd < 0: anonymous. Keeps errno. */
void ct_shared_map(const void *memory, size_t size, int fd, uint64_t offset);
/* `memory` now is the System V segment of this id, `size` bytes long. */
void ct_shared_attach(const void *memory, size_t size, int segment);
/* This range is about to be unmapped. */
void ct_shared_unmap(const void *memory, size_t size);
/* What is shared at this address. */
struct ct_shared ct_shared_get(const void *memory);
/* What was shared at `old` now is mapped at `now`, with another size. */
void ct_shared_remap(const struct ct_shared *shared, const void *old, const void *now, size_t size);

#endif
