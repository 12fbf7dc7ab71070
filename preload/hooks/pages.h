#ifndef CT_HOOKS_PAGES_H
#define CT_HOOKS_PAGES_H
/*
 * Which pages of memory have held sync objects: what lets free() pass blocks without any at the
 * cost of one look-up. A byte per page, by hash: a collision only makes a needless record.
 * Entries are never taken back.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CT_PAGES 65536u

extern uint8_t ct_pages[CT_PAGES];

static inline size_t ct_pages_hash(uintptr_t address)
{
	uintptr_t page = address >> 12;

	return (page ^ page >> 16) & (CT_PAGES - 1);
}

static inline void ct_pages_mark(uintptr_t address)
{
	uint8_t *page = &ct_pages[ct_pages_hash(address)];

	if (__builtin_expect(!*page, 0))
		*page = 1;
}

/* Whether a sync object may lie in this range. */
static inline bool ct_pages_hit(uintptr_t address, size_t size)
{
	uintptr_t last = address + (size ? size - 1 : 0);

	if (last - address >= (uintptr_t)CT_PAGES << 12)
		return true;
	for (uintptr_t page = address >> 12; page <= last >> 12; page++)
		if (ct_pages[ct_pages_hash(page << 12)])
			return true;
	return false;
}

#endif
