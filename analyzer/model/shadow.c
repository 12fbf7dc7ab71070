#include "model/shadow.h"

#include <stdlib.h>

#include "base/vec.h"
#include "format/ct_payload.h"
#include "model/lockset.h"

enum {
	PAGE_SIZE = 1 << CT_SHADOW_PAGE_BITS,
	CELL_SIZE = 1 << CT_CELL_BITS,
	PAGE_CELLS = PAGE_SIZE / CELL_SIZE,
	LIST_MAX = 16,	     /* accesses of one cell */
	PAGES_MAX = 1 << 19, /* two GB of the program's memory */
};

struct ct_shadow_page {
	uint64_t number;  /* location >> CT_SHADOW_PAGE_BITS */
	uint32_t shared;  /* the list that cells share, or 0 */
	uint32_t sharers; /* cells that have it: all when it is made, then fewer and fewer */
	uint32_t cells[PAGE_CELLS];
};

enum ct_status ct_shadow_new(const struct ct_locksets *locksets, bool keep_all,
			     struct ct_shadow **out_shadow)
{
	struct ct_shadow *shadow = calloc(1, sizeof(*shadow));

	if (!shadow)
		return CT_ENOMEM;
	shadow->locksets = locksets;
	shadow->keep_all = keep_all;
	shadow->entry_count = 1; /* 0 is none */
	ct_map_init(&shadow->page_of);
	*out_shadow = shadow;
	return CT_OK;
}

void ct_shadow_free(struct ct_shadow *shadow)
{
	if (!shadow)
		return;
	for (size_t i = 0; i < shadow->page_count; i++)
		free(shadow->pages[i]);
	free(shadow->pages);
	free(shadow->entries);
	ct_map_fini(&shadow->page_of);
	free(shadow);
}

static struct ct_shadow_page *find_page(struct ct_shadow *shadow, uint64_t number)
{
	uint64_t at;

	if (shadow->last && shadow->last->number == number)
		return shadow->last;
	if (!ct_map_get(&shadow->page_of, number, &at))
		return NULL;
	shadow->last = shadow->pages[at];
	return shadow->last;
}

static enum ct_status add_page(struct ct_shadow *shadow, uint64_t number,
			       struct ct_shadow_page **out_page)
{
	struct ct_shadow_page *page;
	enum ct_status status =
		ct_vec_grow(&shadow->pages, &shadow->page_cap, shadow->page_count + 1,
			    sizeof(struct ct_shadow_page *));

	if (status)
		return status;
	if (shadow->page_count == PAGES_MAX) {
		shadow->full = true;
		*out_page = NULL;
		return CT_OK;
	}
	page = calloc(1, sizeof(*page));
	if (!page)
		return CT_ENOMEM;
	page->number = number;
	status = ct_map_put(&shadow->page_of, number, shadow->page_count);
	if (status) {
		free(page);
		return status;
	}
	shadow->pages[shadow->page_count++] = page;
	shadow->last = page;
	*out_page = page;
	return CT_OK;
}

static uint32_t *cell_of(struct ct_shadow_page *page, uint64_t location)
{
	return &page->cells[location >> CT_CELL_BITS & (PAGE_CELLS - 1)];
}

/* Takes the entry that `*link` names out of its list. */
static void unlink_entry(struct ct_shadow *shadow, uint32_t *link)
{
	uint32_t number = *link;

	*link = shadow->entries[number].next;
	shadow->entries[number].next = shadow->free;
	shadow->free = number;
}

static enum ct_status new_entry(struct ct_shadow *shadow, uint32_t *out_number)
{
	enum ct_status status;

	if (shadow->free) {
		*out_number = shadow->free;
		shadow->free = shadow->entries[shadow->free].next;
		return CT_OK;
	}
	if (shadow->entry_count >= UINT32_MAX)
		return CT_ENOMEM;
	status = ct_vec_grow(&shadow->entries, &shadow->entry_cap, shadow->entry_count + 1,
			     sizeof(*shadow->entries));
	if (status == CT_OK)
		*out_number = (uint32_t)shadow->entry_count++;
	return status;
}

static void drop_list(struct ct_shadow *shadow, uint32_t *head)
{
	while (*head)
		unlink_entry(shadow, head);
}

/* Gives the cell, which has the page's shared list, a list of its own. */
static enum ct_status own_list(struct ct_shadow *shadow, struct ct_shadow_page *page,
			       uint32_t *cell)
{
	uint32_t copy = 0, last = 0;
	enum ct_status status;

	for (uint32_t from = page->shared, number; from; from = shadow->entries[from].next) {
		status = new_entry(shadow, &number);
		if (status)
			return status;
		shadow->entries[number] = shadow->entries[from];
		shadow->entries[number].next = 0;
		if (last)
			shadow->entries[last].next = number;
		else
			copy = number;
		last = number;
	}
	*cell = copy;
	if (--page->sharers == 0)
		drop_list(shadow, &page->shared);
	return CT_OK;
}

static enum ct_status to_change(struct ct_shadow *shadow, struct ct_shadow_page *page,
				uint64_t location, uint32_t **out_cell)
{
	uint32_t *cell = cell_of(page, location);
	enum ct_status status = CT_OK;

	if (*cell && *cell == page->shared)
		status = own_list(shadow, page, cell);
	*out_cell = cell;
	return status;
}

const uint32_t *ct_shadow_find(struct ct_shadow *shadow, uint64_t location)
{
	struct ct_shadow_page *page = find_page(shadow, location >> CT_SHADOW_PAGE_BITS);

	return page ? cell_of(page, location) : NULL;
}

enum ct_status ct_shadow_cell(struct ct_shadow *shadow, uint64_t location, uint32_t **out_cell)
{
	struct ct_shadow_page *page = find_page(shadow, location >> CT_SHADOW_PAGE_BITS);
	enum ct_status status = CT_OK;

	*out_cell = NULL;
	if (!page)
		status = add_page(shadow, location >> CT_SHADOW_PAGE_BITS, &page);
	return status || !page ? status : to_change(shadow, page, location, out_cell);
}

bool ct_shadow_is_untouched(struct ct_shadow *shadow, uint64_t location)
{
	return !find_page(shadow, location >> CT_SHADOW_PAGE_BITS);
}

uint32_t *ct_shadow_whole(struct ct_shadow *shadow, uint64_t location)
{
	struct ct_shadow_page *page = find_page(shadow, location >> CT_SHADOW_PAGE_BITS);

	if (!page && add_page(shadow, location >> CT_SHADOW_PAGE_BITS, &page))
		return NULL;
	if (!page)
		return NULL;
	for (size_t i = 0; page->sharers != PAGE_CELLS && i < PAGE_CELLS; i++)
		if (page->cells[i])
			return NULL;
	return &page->shared;
}

void ct_shadow_spread(struct ct_shadow *shadow, uint64_t location)
{
	struct ct_shadow_page *page = find_page(shadow, location >> CT_SHADOW_PAGE_BITS);

	page->sharers = page->shared ? PAGE_CELLS : 0;
	for (size_t i = 0; i < PAGE_CELLS; i++)
		page->cells[i] = page->shared;
}

static uint32_t class_of(const struct ct_shadow *shadow, uint32_t lockset)
{
	return shadow->locksets->sets[lockset].class;
}

static bool stands_for(const struct ct_shadow *shadow, const struct ct_shadow_entry *newer,
		       const struct ct_shadow_entry *older)
{
	return newer->thread == older->thread && newer->kind == older->kind &&
	       (newer->lockset == older->lockset ||
		class_of(shadow, newer->lockset) == class_of(shadow, older->lockset));
}

/* Forgets the bytes of older entries that the new one stands for. */
static void replace(struct ct_shadow *shadow, uint32_t *cell, const struct ct_shadow_entry *entry)
{
	uint32_t *link = cell;

	while (*link) {
		struct ct_shadow_entry *older = &shadow->entries[*link];

		if (stands_for(shadow, entry, older))
			older->mask &= (uint8_t)~entry->mask;
		if (older->mask)
			link = &older->next;
		else
			unlink_entry(shadow, link);
	}
}

/* Forgets an entry of a list that is too long: the oldest that the new one stands for; or else the
 * oldest, but for the last write. */
static void shorten(struct ct_shadow *shadow, uint32_t *cell, const struct ct_shadow_entry *entry)
{
	size_t length = 0;
	uint32_t *oldest = NULL, *same = NULL;
	bool written = false;

	for (uint32_t *link = cell; *link; link = &shadow->entries[*link].next) {
		const struct ct_shadow_entry *older = &shadow->entries[*link];
		bool writes = older->kind & CT_ACCESS_WRITE;

		length++;
		if (writes && !written) {
			written = true;
			continue;
		}
		oldest = link;
		if (stands_for(shadow, entry, older) && !(older->mask & ~entry->mask))
			same = link;
	}
	if (length >= LIST_MAX && oldest)
		unlink_entry(shadow, same ? same : oldest);
}

/* More bytes of the same access: of a string that was gone through byte by byte. */
static bool continues(const struct ct_shadow_entry *newest, const struct ct_shadow_entry *entry)
{
	return newest->thread == entry->thread && newest->position == entry->position &&
	       newest->kind == entry->kind && newest->stack == entry->stack;
}

enum ct_status ct_shadow_add(struct ct_shadow *shadow, uint32_t *cell,
			     const struct ct_shadow_entry *entry)
{
	enum ct_status status;
	uint32_t number;

	if (*cell && !shadow->keep_all)
		replace(shadow, cell, entry);
	if (*cell && continues(&shadow->entries[*cell], entry)) {
		shadow->entries[*cell].mask |= entry->mask;
		return CT_OK;
	}
	if (*cell)
		shorten(shadow, cell, entry);
	status = new_entry(shadow, &number);
	if (status)
		return status;
	shadow->entries[number] = *entry;
	shadow->entries[number].next = *cell;
	*cell = number;
	return CT_OK;
}

bool ct_shadow_next_piece(struct ct_shadow_range *range, struct ct_shadow_piece *out_piece)
{
	uint64_t offset = range->location % CELL_SIZE, size = CELL_SIZE - offset;

	if (!range->size)
		return false;
	if (size > range->size)
		size = range->size;
	out_piece->location = range->location - offset;
	out_piece->mask = (uint8_t)(((1u << size) - 1) << offset);
	range->location += size;
	range->size -= size;
	return true;
}

static void void_own(struct ct_shadow *shadow, uint32_t *cell, uint8_t mask)
{
	uint32_t *link = cell;

	while (*link) {
		struct ct_shadow_entry *entry = &shadow->entries[*link];

		entry->mask &= (uint8_t)~mask;
		if (entry->mask)
			link = &entry->next;
		else
			unlink_entry(shadow, link);
	}
}

static void void_cell(struct ct_shadow *shadow, struct ct_shadow_page *page,
		      const struct ct_shadow_piece *piece)
{
	uint32_t *cell = cell_of(page, piece->location);

	if (!*cell)
		return;
	if (*cell == page->shared &&
	    (piece->mask == UINT8_MAX || own_list(shadow, page, cell) != CT_OK)) {
		*cell = 0;
		if (--page->sharers == 0)
			drop_list(shadow, &page->shared);
	} else {
		void_own(shadow, cell, piece->mask);
	}
}

/* The part of a range that lies in a page. */
static void void_in_page(struct ct_shadow *shadow, struct ct_shadow_page *page, uint64_t location,
			 uint64_t size)
{
	uint64_t start = page->number << CT_SHADOW_PAGE_BITS, end = location + size;
	struct ct_shadow_range range = {location > start ? location : start, 0};
	struct ct_shadow_piece piece;

	if (end > start + PAGE_SIZE)
		end = start + PAGE_SIZE;
	if (end <= range.location)
		return;
	range.size = end - range.location;
	while (ct_shadow_next_piece(&range, &piece))
		void_cell(shadow, page, &piece);
}

void ct_shadow_void(struct ct_shadow *shadow, uint64_t location, uint64_t size)
{
	uint64_t first = location >> CT_SHADOW_PAGE_BITS, pages;

	if (!size)
		return;
	pages = ((location + size - 1) >> CT_SHADOW_PAGE_BITS) - first + 1;
	if (pages > shadow->page_count) {
		for (size_t i = 0; i < shadow->page_count; i++)
			void_in_page(shadow, shadow->pages[i], location, size);
		return;
	}
	for (uint64_t i = 0; i < pages; i++) {
		struct ct_shadow_page *page = find_page(shadow, first + i);

		if (page)
			void_in_page(shadow, page, location, size);
	}
}
