#include "model/lockset.h"

#include <stdlib.h>

enum { NONE = 0 };

enum ct_status ct_locksets_init(struct ct_locksets *sets)
{
	enum ct_status status;

	*sets = (struct ct_locksets){0};
	ct_arena_init(&sets->arena);
	ct_map_init(&sets->by_hash);
	ct_map_init(&sets->meets);
	status = ct_vec_grow(&sets->sets, &sets->cap, 1, sizeof(*sets->sets));
	if (status == CT_OK)
		sets->sets[sets->count++] = (struct ct_lockset){0};
	return status;
}

void ct_locksets_fini(struct ct_locksets *sets)
{
	ct_arena_fini(&sets->arena);
	ct_map_fini(&sets->by_hash);
	ct_map_fini(&sets->meets);
	free(sets->sets);
	sets->sets = NULL;
}

static bool holds(const struct ct_lockset *set, const struct ct_thread *thread)
{
	if (set->count != thread->held_count)
		return false;
	for (size_t i = 0; i < set->count; i++) {
		const struct ct_lockset_item *item = &set->items[i];
		const struct ct_held_lock *held = &thread->held[i];

		if (item->lock != held->object || item->mode != held->mode ||
		    item->stack != held->stack)
			return false;
	}
	return true;
}

static const struct ct_lockset_item *find(const struct ct_lockset *set,
					  const struct ct_object *lock)
{
	for (size_t i = 0; i < set->count; i++)
		if (set->items[i].lock == lock)
			return &set->items[i];
	return NULL;
}

static bool same_class(const struct ct_lockset *a, const struct ct_lockset *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++) {
		const struct ct_lockset_item *item = find(b, a->items[i].lock);

		if (!item || item->mode != a->items[i].mode)
			return false;
	}
	return true;
}

/* Of the locks and modes only, whatever their order: all sets of one class have the same. */
static uint64_t hash_of(const struct ct_thread *thread)
{
	uint64_t hash = 0;

	for (size_t i = 0; i < thread->held_count; i++)
		hash += ct_map_mix((uint64_t)thread->held[i].object->id << 1 |
				   thread->held[i].mode);
	return hash;
}

static enum ct_status add(struct ct_locksets *sets, const struct ct_thread *thread, uint64_t hash,
			  uint32_t next)
{
	uint32_t number = (uint32_t)sets->count;
	struct ct_lockset set = {.count = thread->held_count, .class = number, .next = next};
	enum ct_status status =
		ct_vec_grow(&sets->sets, &sets->cap, sets->count + 1, sizeof(*sets->sets));

	if (status == CT_OK)
		status = ct_map_put(&sets->by_hash, hash, number);
	set.items = ct_arena_calloc(&sets->arena, set.count, sizeof(*set.items));
	if (status || !set.items)
		return CT_ENOMEM;
	for (size_t i = 0; i < set.count; i++) {
		const struct ct_held_lock *held = &thread->held[i];

		set.items[i] = (struct ct_lockset_item){held->object, held->mode, held->stack,
							held->since};
	}
	for (uint32_t i = next; i != NONE; i = sets->sets[i].next)
		if (same_class(&sets->sets[i], &set)) {
			set.class = sets->sets[i].class;
			break;
		}
	sets->sets[sets->count++] = set;
	return CT_OK;
}

enum ct_status ct_lockset_of(struct ct_locksets *sets, const struct ct_thread *thread,
			     uint32_t last, uint32_t *out_set)
{
	uint64_t hash, first = NONE;
	enum ct_status status;

	if (!thread->held_count || holds(&sets->sets[last], thread)) {
		*out_set = thread->held_count ? last : NONE;
		return CT_OK;
	}
	hash = hash_of(thread);
	ct_map_get(&sets->by_hash, hash, &first);
	for (uint32_t i = (uint32_t)first; i != NONE; i = sets->sets[i].next)
		if (holds(&sets->sets[i], thread)) {
			*out_set = i;
			return CT_OK;
		}
	status = add(sets, thread, hash, (uint32_t)first);
	if (status == CT_OK)
		*out_set = (uint32_t)sets->count - 1;
	return status;
}

static bool exclude(const struct ct_lockset *a, const struct ct_lockset *b)
{
	for (size_t i = 0; i < a->count; i++) {
		const struct ct_lockset_item *other = find(b, a->items[i].lock);

		if (other &&
		    (other->mode == CT_MODE_EXCLUSIVE || a->items[i].mode == CT_MODE_EXCLUSIVE))
			return true;
	}
	return false;
}

enum ct_status ct_locksets_exclude(struct ct_locksets *sets, uint32_t a, uint32_t b,
				   bool *out_exclude)
{
	uint64_t key, known;

	*out_exclude = false;
	if (a == NONE || b == NONE)
		return CT_OK;
	a = sets->sets[a].class;
	b = sets->sets[b].class;
	key = a < b ? (uint64_t)a << 32 | b : (uint64_t)b << 32 | a;
	if (ct_map_get(&sets->meets, key, &known)) {
		*out_exclude = known;
		return CT_OK;
	}
	*out_exclude = exclude(&sets->sets[a], &sets->sets[b]);
	return ct_map_put(&sets->meets, key, *out_exclude);
}
