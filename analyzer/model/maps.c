#include "model/maps.h"

#include <stdlib.h>
#include <string.h>

#include "model/objects.h"
#include "model/threads.h"

/* The first mapping that ends after `address`. */
static size_t first_after(const struct ct_process_state *process, uint64_t address)
{
	size_t low = 0, high = process->mapping_count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		const struct ct_mapping *mapping = &process->mappings[mid];

		if (mapping->start + (mapping->size - 1) < address)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

const struct ct_mapping *ct_maps_at_or_after(const struct ct_process_state *process,
					     uint64_t address)
{
	size_t i = first_after(process, address);

	return i < process->mapping_count ? &process->mappings[i] : NULL;
}

const struct ct_mapping *ct_maps_find(const struct ct_process_state *process, uint64_t address)
{
	const struct ct_mapping *mapping = ct_maps_at_or_after(process, address);

	return mapping && mapping->start <= address ? mapping : NULL;
}

static enum ct_status insert(struct ct_process_state *process, const struct ct_mapping *mapping)
{
	size_t at = first_after(process, mapping->start);
	enum ct_status status = ct_vec_grow(&process->mappings, &process->mapping_cap,
					    process->mapping_count + 1, sizeof(*mapping));

	if (status)
		return status;
	memmove(process->mappings + at + 1, process->mappings + at,
		(process->mapping_count - at) * sizeof(*mapping));
	process->mappings[at] = *mapping;
	process->mapping_count++;
	return CT_OK;
}

/* Cuts start..last out of the process's mappings. */
static enum ct_status cut(struct ct_process_state *process, uint64_t start, uint64_t last)
{
	size_t i = first_after(process, start);

	while (i < process->mapping_count && process->mappings[i].start <= last) {
		struct ct_mapping *old = &process->mappings[i];
		uint64_t old_last = old->start + (old->size - 1);
		struct ct_mapping rest = *old;

		if (old->start < start) {
			old->size = start - old->start;
			i++;
		} else {
			memmove(old, old + 1, (process->mapping_count - i - 1) * sizeof(*old));
			process->mapping_count--;
		}
		if (old_last > last) {
			rest.offset += last + 1 - rest.start;
			rest.size = old_last - last;
			rest.start = last + 1;
			return insert(process, &rest);
		}
	}
	return CT_OK;
}

static enum ct_status memory_of(struct ct_model_state *state, const struct ct_trace_map *map,
				struct ct_memory **out_memory)
{
	struct ct_memory *memory = state->memories;

	while (memory && (memory->device != map->device || memory->inode != map->inode))
		memory = memory->next;
	if (!memory) {
		memory = ct_arena_alloc(&state->model.arena, sizeof(*memory));
		if (!memory)
			return CT_ENOMEM;
		memory->device = map->device;
		memory->inode = map->inode;
		memory->next = state->memories;
		state->memories = memory;
	}
	*out_memory = memory;
	return CT_OK;
}

static enum ct_status apply_map(struct ct_model_state *state, struct ct_process_state *process,
				const struct ct_trace_map *map)
{
	struct ct_mapping mapping = {
		.start = map->start, .size = map->size, .offset = map->offset, .time = map->time};
	enum ct_status status;

	if (!map->size || map->size - 1 > UINT64_MAX - map->start)
		return CT_OK;
	status = cut(process, map->start, map->start + (map->size - 1));
	if (status)
		return status;
	ct_objects_end_range(&process->table, map->start, map->size, map->time);
	if (map->unmap)
		return CT_OK;
	status = memory_of(state, map, &mapping.memory);
	return status ? status : insert(process, &mapping);
}

static enum ct_status begin_process(struct ct_process_state *process)
{
	const struct ct_process_state *parent = ct_process_state(process->process.parent);

	/* its fork may have returned before, and then it is known whether it is a copy */
	if (process->begun && !process->copied)
		return CT_OK;
	for (size_t i = 0; parent && i < parent->mapping_count; i++) {
		struct ct_mapping mapping = parent->mappings[i];
		enum ct_status status;

		mapping.inherited = true;
		status = insert(process, &mapping);
		if (status)
			return status;
	}
	return CT_OK;
}

enum ct_status ct_maps_until(struct ct_model_state *state, uint64_t time)
{
	enum ct_status status = CT_OK;

	while (!status && ct_maps_due(state, time)) {
		const struct ct_timeline_item *item = &state->timeline[state->timeline_next++];
		struct ct_process_state *process =
			ct_process_state(state->model.processes[item->process]);

		if (item->map)
			status =
				apply_map(state, process, &state->model.trace->maps[item->map - 1]);
		else
			status = begin_process(process);
	}
	return status;
}

/* By time; at one time, lower processes (the parents) first, and a birth before the maps. */
static int by_time(const void *left, const void *right)
{
	const struct ct_timeline_item *a = left, *b = right;

	if (a->time != b->time)
		return a->time < b->time ? -1 : 1;
	if (a->process != b->process)
		return a->process < b->process ? -1 : 1;
	return a->map < b->map ? -1 : a->map > b->map;
}

enum ct_status ct_maps_prepare(struct ct_model_state *state)
{
	const struct ct_trace *trace = state->model.trace;
	size_t count = 0;

	if (!trace->map_count)
		return CT_OK;
	state->timeline = calloc(trace->map_count + trace->process_count, sizeof(*state->timeline));
	if (!state->timeline)
		return CT_ENOMEM;
	for (size_t i = 0; i < trace->process_count; i++)
		state->timeline[count++] = (struct ct_timeline_item){
			.time = trace->processes[i].time, .process = (uint32_t)i};
	for (size_t i = 0; i < trace->map_count; i++) {
		const struct ct_process *process =
			ct_process_numbered(&state->model, trace->maps[i].process);

		if (process)
			state->timeline[count++] = (struct ct_timeline_item){
				.time = trace->maps[i].time,
				.process = ct_process_state(process)->index,
				.map = i + 1};
	}
	state->timeline_count = count;
	qsort(state->timeline, count, sizeof(*state->timeline), by_time);
	return CT_OK;
}

void ct_maps_drop_before(struct ct_process_state *process, uint64_t time)
{
	size_t kept = 0;

	for (size_t i = 0; i < process->mapping_count; i++)
		if (process->mappings[i].time > time)
			process->mappings[kept++] = process->mappings[i];
	process->mapping_count = kept;
}

void ct_maps_drop_inherited(struct ct_process_state *process)
{
	size_t kept = 0;

	for (size_t i = 0; i < process->mapping_count; i++)
		if (!process->mappings[i].inherited)
			process->mappings[kept++] = process->mappings[i];
	process->mapping_count = kept;
}

void ct_maps_fini(struct ct_model_state *state)
{
	for (size_t i = 0; i < state->model.process_count; i++)
		free(ct_process_state(state->model.processes[i])->mappings);
	free(state->timeline);
}
