#include "base/arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	CT_ARENA_ALIGN = 16,
	CT_ARENA_FIRST_CHUNK = 4096,
	CT_ARENA_LARGEST_CHUNK = 1 << 20,
};

struct ct_arena_chunk {
	struct ct_arena_chunk *next;
	size_t size_bytes; /* of `data` */
	_Alignas(CT_ARENA_ALIGN) unsigned char data[];
};

_Static_assert(_Alignof(max_align_t) >= CT_ARENA_ALIGN, "calloc must align chunks well enough");

void ct_arena_init(struct ct_arena *arena)
{
	*arena = (struct ct_arena){.next_size_bytes = CT_ARENA_FIRST_CHUNK};
}

void ct_arena_fini(struct ct_arena *arena)
{
	struct ct_arena_chunk *chunk = arena->head;

	while (chunk) {
		struct ct_arena_chunk *next = chunk->next;

		free(chunk);
		chunk = next;
	}
	ct_arena_init(arena);
}

static struct ct_arena_chunk *new_chunk(size_t size_bytes)
{
	struct ct_arena_chunk *chunk;

	if (size_bytes > (size_t)PTRDIFF_MAX - sizeof(*chunk))
		return NULL;
	chunk = calloc(1, sizeof(*chunk) + size_bytes);
	if (chunk)
		chunk->size_bytes = size_bytes;
	return chunk;
}

/* A request that would waste much of the current chunk gets one of its own, kept behind it. */
static void *alloc_alone(struct ct_arena *arena, size_t size_bytes)
{
	struct ct_arena_chunk *chunk = new_chunk(size_bytes);

	if (!chunk)
		return NULL;
	if (arena->head) {
		chunk->next = arena->head->next;
		arena->head->next = chunk;
	} else {
		arena->head = chunk;
		arena->used_bytes = size_bytes;
	}
	return chunk->data;
}

static void *alloc_in_new_chunk(struct ct_arena *arena, size_t size_bytes)
{
	struct ct_arena_chunk *chunk = new_chunk(arena->next_size_bytes);

	if (!chunk)
		return NULL;
	if (arena->next_size_bytes < CT_ARENA_LARGEST_CHUNK)
		arena->next_size_bytes *= 2;
	chunk->next = arena->head;
	arena->head = chunk;
	arena->used_bytes = size_bytes;
	return chunk->data;
}

void *ct_arena_alloc(struct ct_arena *arena, size_t size_bytes)
{
	void *data;

	if (size_bytes > (size_t)PTRDIFF_MAX - CT_ARENA_ALIGN)
		return NULL;
	if (size_bytes == 0)
		size_bytes = 1;
	size_bytes = (size_bytes + CT_ARENA_ALIGN - 1) / CT_ARENA_ALIGN * CT_ARENA_ALIGN;
	if (arena->head && size_bytes <= arena->head->size_bytes - arena->used_bytes) {
		data = arena->head->data + arena->used_bytes;
		arena->used_bytes += size_bytes;
		return data;
	}
	if (size_bytes > arena->next_size_bytes / 4)
		return alloc_alone(arena, size_bytes);
	return alloc_in_new_chunk(arena, size_bytes);
}

void *ct_arena_calloc(struct ct_arena *arena, size_t count, size_t elem_size_bytes)
{
	size_t size_bytes;

	if (__builtin_mul_overflow(count, elem_size_bytes, &size_bytes))
		return NULL;
	return ct_arena_alloc(arena, size_bytes);
}

void *ct_arena_memdup(struct ct_arena *arena, const void *data, size_t size_bytes)
{
	void *copy = ct_arena_alloc(arena, size_bytes);

	if (copy && size_bytes)
		memcpy(copy, data, size_bytes);
	return copy;
}

char *ct_arena_strdup(struct ct_arena *arena, const char *text)
{
	return ct_arena_memdup(arena, text, strlen(text) + 1);
}

char *ct_arena_strndup(struct ct_arena *arena, const char *text, size_t max_len)
{
	size_t len = strnlen(text, max_len);
	char *copy = len < SIZE_MAX ? ct_arena_alloc(arena, len + 1) : NULL;

	if (copy)
		memcpy(copy, text, len);
	return copy;
}

char *ct_arena_printf(struct ct_arena *arena, const char *fmt, ...)
{
	va_list args;
	char *text;
	int len;

	va_start(args, fmt);
	len = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	if (len < 0)
		return NULL;
	text = ct_arena_alloc(arena, (size_t)len + 1);
	if (!text)
		return NULL;
	va_start(args, fmt);
	vsnprintf(text, (size_t)len + 1, fmt, args);
	va_end(args);
	return text;
}
