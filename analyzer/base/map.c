#include "base/map.h"

#include <stdlib.h>

enum { CT_MAP_FIRST_SLOTS = 16 };

struct ct_map_slot {
	uint64_t key; /* 0: free; the entry of key 0 lives outside the slots */
	uint64_t value;
};

/* Finaliser of SplitMix64: Steele, Lea, Flood, "Fast Splittable Pseudorandom Number Generators",
 * 2014, with the constants of Stafford's variant 13. A bijection. */
uint64_t ct_map_mix(uint64_t key)
{
	key = (key ^ key >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	key = (key ^ key >> 27) * UINT64_C(0x94d049bb133111eb);
	return key ^ key >> 31;
}

void ct_map_init(struct ct_map *map)
{
	*map = (struct ct_map){0};
}

void ct_map_fini(struct ct_map *map)
{
	free(map->slots);
	ct_map_init(map);
}

size_t ct_map_count(const struct ct_map *map)
{
	return map->used + map->has_zero;
}

static size_t home_of(const struct ct_map *map, uint64_t key)
{
	return (size_t)ct_map_mix(key) & (map->slot_count - 1);
}

/* The slot that holds `key`, which is not 0, or the free one where it belongs. */
static struct ct_map_slot *slot_of(const struct ct_map *map, uint64_t key)
{
	size_t i = home_of(map, key);

	while (map->slots[i].key && map->slots[i].key != key)
		i = (i + 1) & (map->slot_count - 1);
	return &map->slots[i];
}

bool ct_map_get(const struct ct_map *map, uint64_t key, uint64_t *out_value)
{
	const uint64_t *value = NULL;

	if (key == 0 && map->has_zero) {
		value = &map->zero_value;
	} else if (key != 0 && map->slots) {
		const struct ct_map_slot *slot = slot_of(map, key);

		if (slot->key)
			value = &slot->value;
	}
	if (value && out_value)
		*out_value = *value;
	return value != NULL;
}

/* Make sure that one more key fits; a free slot always remains, so that probing ends. */
static enum ct_status make_room(struct ct_map *map)
{
	struct ct_map bigger = *map;

	if (map->used < map->slot_count / 4 * 3)
		return CT_OK;
	if (map->slot_count > SIZE_MAX / 2)
		return CT_ENOMEM;
	bigger.slot_count = map->slot_count ? map->slot_count * 2 : CT_MAP_FIRST_SLOTS;
	bigger.slots = calloc(bigger.slot_count, sizeof(*bigger.slots));
	if (!bigger.slots)
		return CT_ENOMEM;
	for (size_t i = 0; map->slots && i < map->slot_count; i++) {
		const struct ct_map_slot *old = &map->slots[i];

		if (old->key)
			*slot_of(&bigger, old->key) = *old;
	}
	free(map->slots);
	*map = bigger;
	return CT_OK;
}

enum ct_status ct_map_put(struct ct_map *map, uint64_t key, uint64_t value)
{
	struct ct_map_slot *slot;

	if (key == 0) {
		map->has_zero = true;
		map->zero_value = value;
		return CT_OK;
	}
	slot = map->slots ? slot_of(map, key) : NULL;
	if (!slot || !slot->key) {
		if (make_room(map) != CT_OK)
			return CT_ENOMEM;
		slot = slot_of(map, key);
		slot->key = key;
		map->used++;
	}
	slot->value = value;
	return CT_OK;
}

/*
 * Close the gap at `hole` by moving back every later entry of the same run that may stand there:
 * deletion without tombstones (Knuth, TAOCP 3, section 6.4, algorithm R).
 */
static void close_gap(struct ct_map *map, size_t hole)
{
	size_t mask = map->slot_count - 1;

	for (size_t i = (hole + 1) & mask; map->slots[i].key; i = (i + 1) & mask) {
		size_t home = home_of(map, map->slots[i].key);

		if (((i - home) & mask) >= ((i - hole) & mask)) {
			map->slots[hole] = map->slots[i];
			hole = i;
		}
	}
	map->slots[hole].key = 0;
}

bool ct_map_remove(struct ct_map *map, uint64_t key)
{
	struct ct_map_slot *slot;

	if (key == 0) {
		bool had = map->has_zero;

		map->has_zero = false;
		return had;
	}
	slot = map->slots ? slot_of(map, key) : NULL;
	if (!slot || !slot->key)
		return false;
	close_gap(map, (size_t)(slot - map->slots));
	map->used--;
	return true;
}

/* Cursor 0 stands for the entry of key 0, cursor i + 1 for slot i. */
bool ct_map_next(const struct ct_map *map, size_t *cursor, uint64_t *out_key, uint64_t *out_value)
{
	if (*cursor == 0) {
		*cursor = 1;
		if (map->has_zero) {
			*out_key = 0;
			*out_value = map->zero_value;
			return true;
		}
	}
	while (*cursor <= map->slot_count) {
		const struct ct_map_slot *slot = &map->slots[(*cursor)++ - 1];

		if (slot->key) {
			*out_key = slot->key;
			*out_value = slot->value;
			return true;
		}
	}
	return false;
}
