#ifndef CT_MODEL_SHADOW_H
#define CT_MODEL_SHADOW_H
/*
 * Who accessed which bytes of memory last: cells of 8 bytes, each with a list of accesses, the
 * newest first. Of accesses by one thread, of one kind and under the same locks, the newest to a
 * byte stands for all before it; of a text trace each is kept. A list is bounded: beyond that old
 * ones are forgotten, but for the last write. As long as only whole pages are accessed, the cells
 * of a page share one list.
 * Not thread-safe. Everything is the shadow's own, on the heap.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/map.h"
#include "base/status.h"

struct ct_locksets;

#define CT_CELL_BITS 3
#define CT_SHADOW_PAGE_BITS 12

struct ct_shadow_entry {
	uint32_t thread, position; /* see reach.h */
	uint64_t time;		   /* of the record, see reader.h */
	uint32_t stack;		   /* id in the thread's process */
	uint32_t lockset;
	uint32_t next; /* number of the next older one of the cell, 0: none */
	uint8_t kind;  /* enum ct_access_kind */
	uint8_t mask;  /* bytes of the cell, bit 0 is the first */
	uint16_t size; /* of the whole access, as far as it can be said */
};

struct ct_shadow_page;

struct ct_shadow {
	const struct ct_locksets *locksets; /* borrowed */
	bool keep_all;
	struct ct_map page_of; /* location >> CT_SHADOW_PAGE_BITS: index */
	struct ct_shadow_page **pages;
	size_t page_count, page_cap;
	struct ct_shadow_page *last; /* looked at */
	bool full;		     /* there were more pages than are kept */
	struct ct_shadow_entry *entries;
	size_t entry_count, entry_cap;
	uint32_t free; /* list of unused entries */
};

CT_MUST_CHECK enum ct_status ct_shadow_new(const struct ct_locksets *locksets, bool keep_all,
					   struct ct_shadow **out_shadow);
void ct_shadow_free(struct ct_shadow *shadow);

/* The cell that holds the location: the number of its newest entry, 0: none. NULL: there is no room
 * for more. */
CT_MUST_CHECK enum ct_status ct_shadow_cell(struct ct_shadow *shadow, uint64_t location,
					    uint32_t **out_cell);
/* The same, or NULL if nothing near it was ever accessed. */
const uint32_t *ct_shadow_find(struct ct_shadow *shadow, uint64_t location);

/* The page that begins at the location, if one list is that of all its cells: to be changed like a
 * cell, then told to all by ct_shadow_spread. NULL: each cell has its own. */
uint32_t *ct_shadow_whole(struct ct_shadow *shadow, uint64_t location);
void ct_shadow_spread(struct ct_shadow *shadow, uint64_t location);
/* Whether nothing in the location's page was ever accessed. */
bool ct_shadow_is_untouched(struct ct_shadow *shadow, uint64_t location);

/* Entries move when one is added. */
static inline struct ct_shadow_entry *ct_shadow_entry(const struct ct_shadow *shadow,
						      uint32_t number)
{
	return &shadow->entries[number];
}

CT_MUST_CHECK enum ct_status ct_shadow_add(struct ct_shadow *shadow, uint32_t *cell,
					   const struct ct_shadow_entry *entry);

/* What is known of these bytes is void. */
void ct_shadow_void(struct ct_shadow *shadow, uint64_t location, uint64_t size);

/* A range as pieces of cells: the first of them, which is taken off it. */
struct ct_shadow_range {
	uint64_t location, size;
};
struct ct_shadow_piece {
	uint64_t location; /* of the cell's first byte */
	uint8_t mask;
};
bool ct_shadow_next_piece(struct ct_shadow_range *range, struct ct_shadow_piece *out_piece);

#endif
