#include "base/arena.h"
#include "base/map.h"
#include "base/vec.h"

#include <stdlib.h>
#include <string.h>

enum { CT_NAMES_FIRST_SLOTS = 16 };

void ct_names_init(struct ct_names *names, struct ct_arena *arena)
{
	*names = (struct ct_names){.arena = arena};
}

void ct_names_fini(struct ct_names *names)
{
	free(names->texts);
	free(names->hashes);
	free(names->slots);
	ct_names_init(names, names->arena);
}

uint32_t ct_names_count(const struct ct_names *names)
{
	return (uint32_t)names->count;
}

/* FNV-1a (Fowler, Noll, Vo, 1991), mixed because a slot is chosen by the low bits. */
static uint64_t hash_text(const char *text)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	for (; *text; text++)
		hash = (hash ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
	return ct_map_mix(hash);
}

/* The slot that holds `text`, or the free one where it belongs. */
static uint32_t *slot_of(const struct ct_names *names, const char *text, uint64_t hash)
{
	size_t mask = names->slot_count - 1;
	size_t i = (size_t)hash & mask;

	for (; names->slots[i]; i = (i + 1) & mask) {
		uint32_t id = names->slots[i] - 1;

		if (names->hashes[id] == hash && strcmp(names->texts[id], text) == 0)
			break;
	}
	return &names->slots[i];
}

static enum ct_status grow_slots(struct ct_names *names)
{
	size_t slot_count = names->slot_count ? names->slot_count * 2 : CT_NAMES_FIRST_SLOTS;
	uint32_t *slots;

	if (names->count < names->slot_count / 4 * 3)
		return CT_OK;
	slots = slot_count > names->slot_count ? calloc(slot_count, sizeof(*slots)) : NULL;
	if (!slots)
		return CT_ENOMEM;
	for (size_t id = 0; id < names->count; id++) {
		size_t i = (size_t)names->hashes[id] & (slot_count - 1);

		while (slots[i])
			i = (i + 1) & (slot_count - 1);
		slots[i] = (uint32_t)id + 1;
	}
	free(names->slots);
	names->slots = slots;
	names->slot_count = slot_count;
	return CT_OK;
}

static enum ct_status make_room(struct ct_names *names)
{
	size_t need = names->count + 1;
	enum ct_status status;

	if (names->count >= UINT32_MAX - 1)
		return CT_ENOMEM;
	status = ct_vec_grow(&names->texts, &names->text_cap, need, sizeof(*names->texts));
	if (status)
		return status;
	status = ct_vec_grow(&names->hashes, &names->hash_cap, need, sizeof(*names->hashes));
	if (status)
		return status;
	return grow_slots(names);
}

enum ct_status ct_names_intern(struct ct_names *names, const char *text, uint32_t *out_id)
{
	uint64_t hash = hash_text(text);
	uint32_t *slot = names->slots ? slot_of(names, text, hash) : NULL;
	const char *copy;

	if (slot && *slot) {
		*out_id = *slot - 1;
		return CT_OK;
	}
	if (make_room(names) != CT_OK)
		return CT_ENOMEM;
	copy = ct_arena_strdup(names->arena, text);
	if (!copy)
		return CT_ENOMEM;
	names->texts[names->count] = copy;
	names->hashes[names->count] = hash;
	*slot_of(names, text, hash) = (uint32_t)names->count + 1;
	*out_id = (uint32_t)names->count++;
	return CT_OK;
}

bool ct_names_find(const struct ct_names *names, const char *text, uint32_t *out_id)
{
	const uint32_t *slot = names->slots ? slot_of(names, text, hash_text(text)) : NULL;

	if (!slot || !*slot)
		return false;
	*out_id = *slot - 1;
	return true;
}

const char *ct_names_text(const struct ct_names *names, uint32_t id)
{
	return id < names->count ? names->texts[id] : NULL;
}
