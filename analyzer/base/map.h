/*
 * Two tables: numbers to numbers, and strings to dense ids.
 * Both are open addressing with linear probing and at most 3/4 full. Not thread-safe.
 */
#ifndef CT_BASE_MAP_H
#define CT_BASE_MAP_H

#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ct_arena;
struct ct_map_slot;

/* uint64_t to uint64_t; every key and every value is allowed. */
struct ct_map {
	struct ct_map_slot *slots; /* owned; NULL until the first put */
	size_t slot_count;	   /* a power of two, or 0 */
	size_t used;		   /* slots in use; key 0 is not among them */
	bool has_zero;
	uint64_t zero_value;
};

void ct_map_init(struct ct_map *map);
void ct_map_fini(struct ct_map *map);

size_t ct_map_count(const struct ct_map *map);

/* False if `key` is absent; *out_value is untouched then. out_value may be NULL. */
bool ct_map_get(const struct ct_map *map, uint64_t key, uint64_t *out_value);

/* Insert or replace. CT_ENOMEM leaves the map unchanged. */
CT_MUST_CHECK enum ct_status ct_map_put(struct ct_map *map, uint64_t key, uint64_t value);

/* False if `key` was absent. */
bool ct_map_remove(struct ct_map *map, uint64_t key);

/*
 * Visit all entries: start with *cursor 0 and call until false. The order is arbitrary, but the
 * same for the same history of calls. The map must not be changed on the way.
 */
bool ct_map_next(const struct ct_map *map, size_t *cursor, uint64_t *out_key, uint64_t *out_value);

/* Spreads numbers that differ in few bits, such as addresses, over all 64 bits. */
uint64_t ct_map_mix(uint64_t key);

/* Strings numbered 0, 1, 2, ... in the order in which they were first seen. */
struct ct_names {
	struct ct_arena *arena; /* borrowed; holds the copies of the strings */
	const char **texts;	/* owned array, by id */
	uint64_t *hashes;	/* owned array, by id */
	size_t count;
	size_t text_cap;
	size_t hash_cap;
	uint32_t *slots; /* owned; id + 1, or 0 if free */
	size_t slot_count;
};

/* The arena must outlive the table. */
void ct_names_init(struct ct_names *names, struct ct_arena *arena);
void ct_names_fini(struct ct_names *names);

uint32_t ct_names_count(const struct ct_names *names);

/* The id of `text`, which is copied if it is new. CT_ENOMEM leaves the table unchanged. */
CT_MUST_CHECK enum ct_status ct_names_intern(struct ct_names *names, const char *text,
					     uint32_t *out_id);

/* False if `text` was never interned; *out_id is untouched then. */
bool ct_names_find(const struct ct_names *names, const char *text, uint32_t *out_id);

/* The string of an id, owned by the arena; NULL if there is no such id. */
const char *ct_names_text(const struct ct_names *names, uint32_t id);

#endif
