#include "model/sections.h"

#include <stdlib.h>
#include <string.h>

static void end(struct ct_lock_sections *sections)
{
	free(sections->now.touches);
	free(sections->last.touches);
	free(sections->older.touches);
}

void ct_sections_fini(struct ct_thread_sections *sections)
{
	for (size_t i = 0; i < sections->count; i++)
		end(&sections->locks[i]);
	free(sections->locks);
}

const struct ct_lock_sections *ct_sections_find(const struct ct_thread_sections *sections,
						const struct ct_object *lock)
{
	for (size_t i = 0; i < sections->count; i++)
		if (sections->locks[i].lock == lock)
			return &sections->locks[i];
	return NULL;
}

/* The lock's entry, now the first; the one that was not used for longest makes room. */
static struct ct_lock_sections *to_front(struct ct_thread_sections *sections,
					 const struct ct_object *lock)
{
	const struct ct_lock_sections *found = ct_sections_find(sections, lock);
	size_t at = found ? (size_t)(found - sections->locks) : sections->count;
	struct ct_lock_sections entry = {.lock = lock};

	if (found && at == 0)
		return sections->locks;
	if (found) {
		entry = *found;
	} else if (sections->count == CT_SECTION_LOCKS) {
		at--;
		end(&sections->locks[at]);
	} else {
		if (ct_vec_grow(&sections->locks, &sections->cap, sections->count + 1,
				sizeof(*sections->locks)))
			return NULL;
		sections->count++;
	}
	memmove(sections->locks + 1, sections->locks, at * sizeof(*sections->locks));
	sections->locks[0] = entry;
	return sections->locks;
}

struct ct_lock_sections *ct_sections_hold(struct ct_thread_sections *sections,
					  const struct ct_held_lock *held)
{
	struct ct_lock_sections *of_lock = to_front(sections, held->object);
	struct ct_section spare;

	if (!of_lock || (of_lock->now.held.object && of_lock->now.held.since == held->since))
		return of_lock;
	if (of_lock->now.count) {
		spare = of_lock->older;
		of_lock->older = of_lock->last;
		of_lock->last = of_lock->now;
	} else {
		spare = of_lock->now;
	}
	of_lock->now =
		(struct ct_section){.held = *held, .touches = spare.touches, .cap = spare.cap};
	return of_lock;
}

static bool same(const struct ct_touch *a, const struct ct_touch *b)
{
	return a->cell == b->cell && a->stack == b->stack && a->bytes == b->bytes &&
	       a->read == b->read;
}

enum ct_status ct_section_touch(struct ct_section *section, const struct ct_touch *touch)
{
	uint64_t bit = ct_section_bit(touch->cell);
	enum ct_status status;

	if (section->full)
		return CT_OK;
	for (size_t i = section->filter & bit ? section->count : 0; i > 0; i--)
		if (same(&section->touches[i - 1], touch))
			return CT_OK;
	if (section->count == CT_TOUCHES_MAX) {
		section->full = true;
		return CT_OK;
	}
	status = ct_vec_grow(&section->touches, &section->cap, section->count + 1,
			     sizeof(*section->touches));
	if (status)
		return status;
	section->touches[section->count++] = *touch;
	section->filter |= bit;
	return CT_OK;
}

const struct ct_touch *ct_section_next(const struct ct_section *section, size_t from, uint64_t cell,
				       uint8_t bytes, bool read)
{
	if (!(section->filter & ct_section_bit(cell)))
		return NULL;
	for (size_t i = from; i < section->count; i++) {
		const struct ct_touch *touch = &section->touches[i];

		if (touch->cell == cell && touch->bytes & bytes && touch->read == read)
			return touch;
	}
	return NULL;
}
