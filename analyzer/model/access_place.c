#include "model/access_private.h"

#include "base/vec.h"

/* Locations of memory; see access_private.h. */

/* A new space; 0 when all are given out. */
static uint64_t new_space(struct ct_accesses *accesses)
{
	if (accesses->last_space >> (64 - CT_SPACE_BITS) ||
	    accesses->last_space + 1 == (uint64_t)1 << (64 - CT_SPACE_BITS))
		return 0;
	return ++accesses->last_space << CT_SPACE_BITS;
}

struct ct_process_memory *ct_memory_of(struct ct_model_state *state,
				       const struct ct_process *process)
{
	/* a chain of vfork is as long as it is deep */
	while (ct_process_state(process)->borrows && process->parent)
		process = process->parent;
	return &state->accesses->processes[ct_process_state(process)->index];
}

static uint64_t space_of(struct ct_model_state *state, const struct ct_process *process)
{
	struct ct_process_memory *memory = ct_memory_of(state, process);

	if (!memory->space)
		memory->space = new_space(state->accesses);
	return memory->space;
}

uint64_t ct_place_private(struct ct_model_state *state, const struct ct_process *process,
			  uint64_t address)
{
	uint64_t space = space_of(state, process);

	return space && address < CT_SPACE_SIZE ? space + address : 0;
}

static uint64_t place_of_mapping(struct ct_model_state *state, const struct ct_mapping *mapping)
{
	struct ct_memory *memory = mapping->memory;

	if (mapping->offset >= CT_SPACE_SIZE || mapping->size > CT_SPACE_SIZE - mapping->offset)
		return 0; /* no file is as large */
	if (!memory->space)
		memory->space = new_space(state->accesses);
	return memory->space ? memory->space + mapping->offset : 0;
}

struct ct_region ct_region_of(struct ct_model_state *state, const struct ct_process *process,
			      uint64_t address)
{
	const struct ct_process_state *of = ct_process_state(process);
	const struct ct_mapping *after = ct_maps_at_or_after(of, address);
	size_t before = after ? (size_t)(after - of->mappings) : of->mapping_count;
	uint64_t start = 0, end = CT_SPACE_SIZE;

	if (address >= CT_SPACE_SIZE)
		return (struct ct_region){.start = CT_SPACE_SIZE,
					  .size = UINT64_MAX - CT_SPACE_SIZE};
	if (after && after->start <= address)
		return (struct ct_region){after->start, after->size,
					  place_of_mapping(state, after)};
	if (before)
		start = of->mappings[before - 1].start + of->mappings[before - 1].size;
	if (after && after->start < end)
		end = after->start;
	return (struct ct_region){start, end - start, ct_place_private(state, process, start)};
}

uint64_t ct_place_of(struct ct_model_state *state, const struct ct_process *process,
		     uint64_t address)
{
	struct ct_region region = ct_region_of(state, process, address);

	return region.location ? region.location + (address - region.start) : 0;
}

/* Makes the address's region the current one. The bytes from the address on that are in it. */
static uint64_t enter(struct ct_model_state *state, const struct ct_process *process,
		      uint64_t address)
{
	struct ct_region *region = &state->accesses->region;

	if (address - region->start >= region->size)
		*region = ct_region_of(state, process, address);
	return region->size - (address - region->start);
}

/* Appends what lies in the current region. */
static enum ct_status append(struct ct_accesses *accesses, struct ct_access *access)
{
	if (!accesses->region.location)
		return CT_OK;
	if (accesses->count == accesses->cap) {
		enum ct_status status = ct_vec_grow(&accesses->list, &accesses->cap,
						    accesses->count + 1, sizeof(*accesses->list));

		if (status)
			return status;
	}
	access->location = accesses->region.location + (access->address - accesses->region.start);
	accesses->list[accesses->count++] = *access;
	return CT_OK;
}

/* One access to bytes of several regions. */
static enum ct_status add_parts(struct ct_model_state *state, const struct ct_process *process,
				struct ct_access part)
{
	uint32_t left = part.size;
	enum ct_status status = CT_OK;

	part.count = 1;
	while (!status && left) {
		uint64_t room = enter(state, process, part.address);

		part.size = left < room ? left : (uint32_t)room;
		status = append(state->accesses, &part);
		part.address += part.size;
		left -= part.size;
	}
	return status;
}

/* Accesses in several regions: one run for each. */
static enum ct_status add_runs(struct ct_model_state *state, const struct ct_process *process,
			       struct ct_access rest)
{
	uint32_t left = rest.count;
	enum ct_status status = CT_OK;

	if (rest.stride < 0) { /* from the lowest on */
		rest.address += (uint64_t)((int64_t)rest.stride * (left - 1));
		rest.stride = -rest.stride;
	}
	while (!status && left) {
		uint64_t room = enter(state, process, rest.address), fit = left;

		if (rest.size > room) {
			rest.count = 1;
			status = add_parts(state, process, rest);
		} else {
			if (rest.stride)
				fit = (room - rest.size) / (uint32_t)rest.stride + 1;
			rest.count = fit < left ? (uint32_t)fit : left;
			status = append(state->accesses, &rest);
		}
		rest.address += (uint64_t)rest.stride * rest.count;
		left -= rest.count;
	}
	return status;
}

enum ct_status ct_accesses_add(struct ct_model_state *state, const struct ct_process *process,
			       struct ct_access *access)
{
	int64_t reach = (int64_t)access->stride * (access->count - 1);
	uint64_t first = reach < 0 ? access->address + (uint64_t)reach : access->address;
	uint64_t bytes = (uint64_t)(reach < 0 ? -reach : reach) + access->size;

	if (first >= CT_SPACE_SIZE || bytes > CT_SPACE_SIZE - first)
		return CT_OK; /* damaged: no such memory */
	if (bytes > enter(state, process, first))
		return add_runs(state, process, *access);
	return append(state->accesses, access);
}
