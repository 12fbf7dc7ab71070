#ifndef CT_FINDING_STACK_H
#define CT_FINDING_STACK_H
/*
 * Which part of a recorded stack a person wants to see, and how a place in a program is written.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/symbols.h"

struct ct_text;

/* Borrowed from the symbolizer. */
struct ct_shown_stack {
	const struct ct_frame *frames; /* without the recorder's and those that start a thread */
	size_t count;
	const struct ct_frame
		*top; /* to point at: in the program's own source; NULL if count is 0 */
};

/* Empty when nothing is known of that stack; `symbols` may be NULL. */
void ct_stack_shown(struct ct_symbols *symbols, uint32_t process, uint32_t stack,
		    struct ct_shown_stack *out);

/* `path` as seen from `directory` if it lies below it, else whole; points into `path`. */
const char *ct_path_below(const char *directory, const char *path);
/* Its last component; points into `path`. */
const char *ct_path_base(const char *path);

/* "bank.c:41", or "libbank.so+0x12f0" where the source is not known; as it is read on a terminal.
 * Nothing is added for a frame of which nothing is known: false. */
bool ct_frame_add_location(struct ct_text *out, const struct ct_frame *frame,
			   const char *directory);
/* "transfer (bank.c:41)" */
void ct_frame_add(struct ct_text *out, const struct ct_frame *frame, const char *directory);

#endif
