#include "model/access_private.h"

#include <string.h>

/* The accesses that a record is or lists. */

enum {
	VARIABLE_SIZE = 8, /* locations for each variable of a text trace */
	RECORDED = CT_ACCESS_READ | CT_ACCESS_WRITE | CT_ACCESS_VOLATILE | CT_ACCESS_VPTR |
		   CT_ACCESS_LIBC,
	PART_SIZE = 1 << 30, /* of what is too large for one access */
};

/* `size` bytes at `address`, however many. */
static enum ct_status add_range(struct ct_model_state *state, const struct ct_step *step,
				uint64_t address, uint64_t size, uint8_t kind)
{
	struct ct_access access = {.count = 1, .stack = step->record->stack, .kind = kind};
	enum ct_status status = CT_OK;

	if (address >= CT_SPACE_SIZE || size > CT_SPACE_SIZE - address)
		return CT_OK;
	for (uint64_t done = 0; !status && done < size; done += access.size) {
		access.address = address + done;
		access.size = size - done < PART_SIZE ? (uint32_t)(size - done) : PART_SIZE;
		status = ct_accesses_add(state, step->thread->process, &access);
	}
	return status;
}

static enum ct_status add_single(struct ct_model_state *state, const struct ct_step *step,
				 uint8_t kind)
{
	const struct ct_record *record = step->record;
	struct ct_accesses *accesses = state->accesses;

	if (!state->model.trace->text)
		return add_range(state, step, record->object, record->arg, kind);
	/* the list has room for one from the beginning */
	accesses->list[accesses->count++] = (struct ct_access){
		.location = record->object * VARIABLE_SIZE,
		.address = record->object,
		.size = 1,
		.count = 1,
		.stack = record->stack,
		.kind = kind,
	};
	return CT_OK;
}

static enum ct_status add_atomic(struct ct_model_state *state, const struct ct_step *step,
				 uint8_t kind)
{
	const struct ct_record *record = step->record;
	struct ct_payload_atomic atomic;
	struct ct_access access = {.count = 1, .stack = record->stack, .kind = kind};

	if (record->payload_size < sizeof(atomic))
		return CT_OK;
	memcpy(&atomic, record->payload, sizeof(atomic));
	access.address = atomic.object;
	access.size = atomic.size;
	access.order = atomic.order;
	return access.size ? ct_accesses_add(state, step->thread->process, &access) : CT_OK;
}

/* The entry's first eight bytes are its size, its kind and its address. */
static struct ct_access read_entry(const char *at)
{
	struct ct_access_entry entry;
	uint64_t first;

	memcpy(&entry, at, sizeof(entry));
	memcpy(&first, at, sizeof(first));
	return (struct ct_access){
		.address = first >> 16,
		.size = entry.size,
		.count = (uint32_t)entry.more + 1,
		.stride = (int16_t)entry.stride,
		.stack = entry.stack,
		.kind = entry.kind & RECORDED,
	};
}

static enum ct_status add_list(struct ct_model_state *state, const struct ct_step *step)
{
	const struct ct_record *record = step->record;
	const char *at = record->payload;
	enum ct_status status = CT_OK;
	size_t room;
	uint16_t count;

	if (record->payload_size < sizeof(count))
		return CT_OK;
	memcpy(&count, at, sizeof(count));
	at += sizeof(count);
	room = (record->payload_size - sizeof(count)) / sizeof(struct ct_access_entry);
	for (size_t i = 0; !status && i < count && i < room; i++) {
		struct ct_access access = read_entry(at + i * sizeof(struct ct_access_entry));

		if (access.size && access.kind & (CT_ACCESS_READ | CT_ACCESS_WRITE))
			status = ct_accesses_add(state, step->thread->process, &access);
	}
	return status;
}

static enum ct_status add_freed(struct ct_model_state *state, const struct ct_step *step)
{
	struct ct_freed freed = ct_freed_by(state, step);

	return freed.size ? add_range(state, step, freed.address, freed.size,
				      CT_ACCESS_WRITE | CT_ACCESS_FREE)
			  : CT_OK;
}

static enum ct_status add(struct ct_model_state *state, const struct ct_step *step)
{
	switch (step->effect) {
	case CT_EFFECT_ACCESSES:
		return add_list(state, step);
	case CT_EFFECT_ACCESS_READ:
		return add_single(state, step, CT_ACCESS_READ);
	case CT_EFFECT_ACCESS_WRITE:
		return add_single(state, step, CT_ACCESS_WRITE);
	case CT_EFFECT_ATOMIC_LOAD:
		return add_atomic(state, step, CT_ACCESS_ATOMIC | CT_ACCESS_READ);
	case CT_EFFECT_ATOMIC_STORE:
		return add_atomic(state, step, CT_ACCESS_ATOMIC | CT_ACCESS_WRITE);
	case CT_EFFECT_ATOMIC_RMW:
		return add_atomic(state, step, CT_ACCESS_ATOMIC | CT_ACCESS_READ | CT_ACCESS_WRITE);
	case CT_EFFECT_MEMORY_FREED:
		return add_freed(state, step);
	default:
		return CT_OK;
	}
}

enum ct_status ct_accesses_resolve(struct ct_model_state *state, struct ct_step *step)
{
	struct ct_accesses *accesses = state->accesses;
	enum ct_status status;

	if (!accesses)
		return CT_OK;
	accesses->count = 0;
	accesses->region.size = 0;
	ct_accesses_end(state, step);
	status = add(state, step);
	step->accesses = accesses->list;
	step->access_count = accesses->count;
	return status;
}
