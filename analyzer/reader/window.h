#ifndef CT_READER_WINDOW_H
#define CT_READER_WINDOW_H
/*
 * A moving view of a file, read by pread: a file that is cut meanwhile ends early and never faults,
 * and no descriptor stays open between two reads, however many streams there are.
 * Or a view of bytes in memory, for what was copied from `.live/`. Private to reader/.
 */
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

#define CT_WINDOW_MAX (4u << 20) /* no record is longer */

struct ct_window {
	int dir_fd;	  /* borrowed */
	const char *name; /* below it; borrowed. NULL: memory */
	size_t chunk;	  /* bytes read at once, at least */
	uint8_t *buffer;  /* owned */
	size_t cap;
	const uint8_t *bytes;  /* the view */
	uint64_t start;	       /* of the view in the file */
	size_t length;	       /* of the view */
	enum ct_status status; /* why the last view was short: CT_OK for the file's end */
};

void ct_window_init(struct ct_window *window, int dir_fd, const char *name, size_t chunk);
void ct_window_init_memory(struct ct_window *window, const void *bytes, size_t size);
void ct_window_fini(struct ct_window *window);

/* The other file; what was viewed is forgotten if its name differs. */
void ct_window_switch(struct ct_window *window, const char *name);

/* Bytes from `offset` on, `want` or more unless the file ends or `want` exceeds CT_WINDOW_MAX:
 * returns how many. Valid until the next call. */
size_t ct_window_at(struct ct_window *window, uint64_t offset, size_t want,
		    const uint8_t **out_bytes);

/* Opens a regular file below a folder for reading, without following a link. -1 and errno. */
int ct_open_regular(int dir_fd, const char *name, int flags);

#endif
