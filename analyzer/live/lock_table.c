#include "live/lock_table.h"

#include <stdlib.h>

#include "base/vec.h"
#include "live/maps.h"
#include "model/model.h"

static enum ct_effect effect_of(uint16_t event)
{
	const struct ct_event_info *info = ct_event_info(event);

	return info ? info->effect : CT_EFFECT_NOTE;
}

uint64_t ct_lock_wanted(const struct ct_scan_thread *thread)
{
	switch (effect_of(thread->event)) {
	case CT_EFFECT_ACQUIRE:
	case CT_EFFECT_ACQUIRE_SHARED:
		return thread->object;
	case CT_EFFECT_WAIT:
		return thread->arg;
	default:
		return 0;
	}
}

bool ct_lock_is_shared(uint16_t event)
{
	return effect_of(event) == CT_EFFECT_ACQUIRE_SHARED;
}

static struct ct_lock_key key_of(const struct ct_shared_maps *maps, uint32_t process,
				 uint64_t address)
{
	const struct ct_shared_range *range = ct_shared_maps_find(maps, address);

	if (!range)
		return (struct ct_lock_key){CT_PRIVATE_SPACE | process, 0, address};
	return (struct ct_lock_key){range->device, range->inode,
				    address - range->start + range->offset};
}

static bool same_key(const struct ct_lock_key *a, const struct ct_lock_key *b)
{
	return a->space == b->space && a->inode == b->inode && a->address == b->address;
}

static uint64_t hash_of(const struct ct_lock_key *key)
{
	return ct_map_mix(ct_map_mix(key->space ^ ct_map_mix(key->inode)) ^ key->address);
}

static uint32_t find(const struct ct_lock_table *table, const struct ct_lock_key *key)
{
	uint64_t first;

	if (!ct_map_get(&table->by_hash, hash_of(key), &first))
		return CT_NO_LOCK;
	for (uint32_t i = (uint32_t)first; i != CT_NO_LOCK; i = table->locks[i].next)
		if (same_key(&table->locks[i].key, key))
			return i;
	return CT_NO_LOCK;
}

static enum ct_status find_or_add(struct ct_lock_table *table, const struct ct_lock_key *key,
				  uint32_t *out)
{
	uint64_t first = CT_NO_LOCK;
	enum ct_status status;

	*out = find(table, key);
	if (*out != CT_NO_LOCK)
		return CT_OK;
	status = ct_vec_grow(&table->locks, &table->cap, table->count + 1, sizeof(*table->locks));
	if (status)
		return status;
	(void)ct_map_get(&table->by_hash, hash_of(key), &first);
	status = ct_map_put(&table->by_hash, hash_of(key), table->count);
	if (status)
		return status;
	*out = (uint32_t)table->count;
	table->locks[table->count++] = (struct ct_scan_lock){.key = *key, .next = (uint32_t)first};
	return CT_OK;
}

/* All that the threads of one process want and hold, which stand at first..end in the scan. */
static enum ct_status add_process(struct ct_lock_table *table, const struct ct_scan *scan,
				  const bool *waits, const struct ct_shared_maps *maps,
				  size_t first, size_t end)
{
	enum ct_status status = CT_OK;

	for (size_t i = first; !status && i < end; i++) {
		const struct ct_scan_thread *thread = &scan->threads[i];
		uint64_t address = waits[i] ? ct_lock_wanted(thread) : 0;
		struct ct_lock_key key = key_of(maps, thread->process, address);

		table->wanted[i] = CT_NO_LOCK;
		if (address)
			status = find_or_add(table, &key, &table->wanted[i]);
		for (size_t k = 0; !status && k < ct_scan_held_all(thread); k++) {
			key = key_of(maps, thread->process, scan->held[thread->held + k].object);
			status = find_or_add(table, &key, &table->held[thread->held + k]);
		}
	}
	return status;
}

/* Whether locks may have to be told apart across processes: mostly not, and it is dear. */
static bool may_share(const struct ct_scan *scan, const bool *waits)
{
	bool wanted = false;

	for (size_t i = 0; i < scan->count; i++)
		wanted = wanted || (waits[i] && ct_lock_wanted(&scan->threads[i]));
	return wanted && scan->threads[0].process != scan->threads[scan->count - 1].process;
}

static enum ct_status fill(struct ct_lock_table *table, const struct ct_scan *scan,
			   const bool *waits)
{
	bool shares = may_share(scan, waits);
	enum ct_status status = CT_OK;
	size_t end;

	for (size_t first = 0; !status && first < scan->count; first = end) {
		const struct ct_scan_thread *thread = &scan->threads[first];
		struct ct_shared_maps maps = {0};

		for (end = first;
		     end < scan->count && scan->threads[end].process == thread->process;)
			end++;
		if (shares)
			status = ct_shared_maps_read(&maps, (pid_t)thread->pid, (pid_t)thread->tid);
		if (status == CT_OK)
			status = add_process(table, scan, waits, &maps, first, end);
		ct_shared_maps_fini(&maps);
	}
	return status;
}

enum ct_status ct_lock_table_init(struct ct_lock_table *table, const struct ct_scan *scan,
				  const bool *waits)
{
	enum ct_status status = CT_ENOMEM;

	*table = (struct ct_lock_table){
		.wanted = calloc(scan->count + 1, sizeof(*table->wanted)),
		.held = calloc(scan->held_count + 1, sizeof(*table->held)),
	};
	ct_map_init(&table->by_hash);
	if (table->wanted && table->held)
		status = fill(table, scan, waits);
	if (status)
		ct_lock_table_fini(table);
	return status;
}

void ct_lock_table_fini(struct ct_lock_table *table)
{
	ct_map_fini(&table->by_hash);
	free(table->locks);
	free(table->wanted);
	free(table->held);
	*table = (struct ct_lock_table){0};
}
