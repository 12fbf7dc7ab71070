/*
 * Memory that is released all at once: what is built while a trace is read lives as long as it.
 * Pointers stay valid until ct_arena_fini; nothing is ever moved. Not thread-safe.
 */
#ifndef CT_BASE_ARENA_H
#define CT_BASE_ARENA_H

#include "base/status.h"

#include <stddef.h>

struct ct_arena_chunk;

struct ct_arena {
	struct ct_arena_chunk *head; /* owned; the chunk that small requests are cut from */
	size_t used_bytes;	     /* of `head` */
	size_t next_size_bytes;	     /* of the next chunk; grows up to a limit */
};

void ct_arena_init(struct ct_arena *arena);

/* Releases everything; the arena may be used again, and fini may be called twice. */
void ct_arena_fini(struct ct_arena *arena);

/* All of these return storage owned by the arena, aligned to 16 bytes, or NULL if memory ran out
 * or the size cannot be represented; the arena stays usable then. */

/* Zeroed. A size of 0 gives a pointer that differs from all others. */
CT_MUST_CHECK void *ct_arena_alloc(struct ct_arena *arena, size_t size_bytes);

/* Zeroed array of `count` elements. */
CT_MUST_CHECK void *ct_arena_calloc(struct ct_arena *arena, size_t count, size_t elem_size_bytes);

/* `data` may be NULL if size_bytes is 0. */
CT_MUST_CHECK void *ct_arena_memdup(struct ct_arena *arena, const void *data, size_t size_bytes);

CT_MUST_CHECK char *ct_arena_strdup(struct ct_arena *arena, const char *text);

/* At most `max_len` bytes of `text`, up to its terminator if it has one there; terminated. */
CT_MUST_CHECK char *ct_arena_strndup(struct ct_arena *arena, const char *text, size_t max_len);

CT_MUST_CHECK char *ct_arena_printf(struct ct_arena *arena, const char *fmt, ...) CT_PRINTF(2, 3);

#endif
