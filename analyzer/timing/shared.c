#include "timing/shared.h"

#include <stdlib.h>

#include "base/map.h"
#include "base/vec.h"

/* Of a process; what is mapped beyond that is not counted. */
enum { REGIONS_MAX = 1024 };

struct region {
	uint64_t start, size;
	uint32_t memory;
};

struct space {
	struct region *regions; /* they do not overlap; owned */
	size_t count, cap;
};

/* Memory, and who had it: index of a process + 1, 0 nobody. */
struct memory {
	uint64_t device, inode;
	uint32_t first_user;
	bool shared; /* more than one */
};

enum what { BIRTH, EXEC, MAP }; /* at one time in this order */

struct item {
	uint64_t time;
	uint32_t process; /* index */
	enum what what;
	const struct ct_trace_map *map;
	uint32_t memory;
};

struct sharing {
	const struct ct_trace *trace;
	const bool *copied;
	struct item *items; /* by time */
	size_t item_count;
	struct space *spaces; /* by process */
	struct memory *memories;
	size_t memory_count;
	struct ct_map numbers; /* process number: index */
};

static int by_identity(const void *left, const void *right)
{
	const struct memory *a = left, *b = right;

	if (a->device != b->device)
		return a->device < b->device ? -1 : 1;
	return (a->inode > b->inode) - (a->inode < b->inode);
}

static int by_time(const void *left, const void *right)
{
	const struct item *a = left, *b = right;

	if (a->time != b->time)
		return a->time < b->time ? -1 : 1;
	if (a->process != b->process)
		return a->process < b->process ? -1 : 1;
	if (a->what != b->what)
		return a->what < b->what ? -1 : 1;
	return (a->map > b->map) - (a->map < b->map);
}

static void list_memories(struct sharing *sharing)
{
	const struct ct_trace *trace = sharing->trace;
	size_t kept = 0;

	for (size_t i = 0; i < trace->map_count; i++)
		sharing->memories[i] = (struct memory){.device = trace->maps[i].device,
						       .inode = trace->maps[i].inode};
	qsort(sharing->memories, trace->map_count, sizeof(struct memory), by_identity);
	for (size_t i = 0; i < trace->map_count; i++)
		if (!kept || by_identity(&sharing->memories[i], &sharing->memories[kept - 1]) != 0)
			sharing->memories[kept++] = sharing->memories[i];
	sharing->memory_count = kept;
}

static uint32_t memory_of(const struct sharing *sharing, const struct ct_trace_map *map)
{
	const struct memory key = {.device = map->device, .inode = map->inode};
	const struct memory *found =
		bsearch(&key, sharing->memories, sharing->memory_count, sizeof(key), by_identity);

	return (uint32_t)(found - sharing->memories);
}

static void list_items(struct sharing *sharing)
{
	const struct ct_trace *trace = sharing->trace;
	struct item *items = sharing->items;
	size_t count = 0;
	uint64_t index;

	for (size_t i = 0; i < trace->process_count; i++)
		items[count++] = (struct item){
			.time = trace->processes[i].time, .process = (uint32_t)i, .what = BIRTH};
	for (size_t i = 0; i < trace->image_count; i++)
		if (trace->images[i].image &&
		    ct_map_get(&sharing->numbers, trace->images[i].process, &index))
			items[count++] = (struct item){.time = trace->images[i].time,
						       .process = (uint32_t)index,
						       .what = EXEC};
	for (size_t i = 0; i < trace->map_count; i++)
		if (ct_map_get(&sharing->numbers, trace->maps[i].process, &index))
			items[count++] =
				(struct item){.time = trace->maps[i].time,
					      .process = (uint32_t)index,
					      .what = MAP,
					      .map = &trace->maps[i],
					      .memory = memory_of(sharing, &trace->maps[i])};
	sharing->item_count = count;
	qsort(items, count, sizeof(*items), by_time);
}

static enum ct_status prepare(struct sharing *sharing)
{
	const struct ct_trace *trace = sharing->trace;
	enum ct_status status = CT_OK;

	sharing->items = calloc(trace->process_count + trace->image_count + trace->map_count,
				sizeof(*sharing->items));
	sharing->spaces = calloc(trace->process_count, sizeof(*sharing->spaces));
	sharing->memories = calloc(trace->map_count, sizeof(*sharing->memories));
	if (!sharing->items || !sharing->spaces || !sharing->memories)
		return CT_ENOMEM;
	for (size_t i = 0; !status && i < trace->process_count; i++)
		status = ct_map_put(&sharing->numbers, trace->processes[i].number, i);
	if (status)
		return status;
	list_memories(sharing);
	list_items(sharing);
	return CT_OK;
}

static enum ct_status put(struct sharing *sharing, uint32_t process, const struct region *region)
{
	struct space *space = &sharing->spaces[process];
	struct memory *memory = &sharing->memories[region->memory];
	enum ct_status status;

	if (!region->size || space->count == REGIONS_MAX)
		return CT_OK;
	status = ct_vec_grow(&space->regions, &space->cap, space->count + 1, sizeof(*region));
	if (status)
		return status;
	space->regions[space->count++] = *region;
	memory->shared |= memory->first_user && memory->first_user != process + 1;
	if (!memory->first_user)
		memory->first_user = process + 1;
	return CT_OK;
}

/* Takes `size` bytes from `start` out of all regions; of one may remain two parts. */
static enum ct_status cut(struct sharing *sharing, uint32_t process, uint64_t start, uint64_t size)
{
	struct space *space = &sharing->spaces[process];
	uint64_t end = start + size;

	for (size_t i = 0; i < space->count;) {
		struct region old = space->regions[i], rest = old;
		uint64_t old_end = old.start + old.size;
		enum ct_status status;

		if (old.start >= end || old_end <= start) {
			i++;
			continue;
		}
		space->regions[i].size = old.start < start ? start - old.start : 0;
		rest.start = end;
		rest.size = old_end > end ? old_end - end : 0;
		if (!space->regions[i].size)
			space->regions[i] = space->regions[--space->count];
		status = put(sharing, process, &rest);
		if (status)
			return status;
	}
	return CT_OK;
}

static enum ct_status apply_map(struct sharing *sharing, const struct item *item)
{
	const struct ct_trace_map *map = item->map;
	struct region region = {map->start, map->size, item->memory};
	enum ct_status status;

	if (!map->size || map->size > UINT64_MAX - map->start)
		return CT_OK;
	status = cut(sharing, item->process, map->start, map->size);
	return status || map->unmap ? status : put(sharing, item->process, &region);
}

/* The child has what its parent has now. */
static enum ct_status copy(struct sharing *sharing, uint32_t child)
{
	const struct ct_trace_process *process = &sharing->trace->processes[child];
	enum ct_status status = CT_OK;
	uint64_t parent;

	if (!sharing->copied[child] || !ct_map_get(&sharing->numbers, process->parent, &parent) ||
	    parent == child)
		return CT_OK;
	for (size_t i = 0; !status && i < sharing->spaces[parent].count; i++)
		status = put(sharing, child, &sharing->spaces[parent].regions[i]);
	return status;
}

static uint64_t shared_now(const struct sharing *sharing, const struct space *space)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < space->count; i++)
		if (sharing->memories[space->regions[i].memory].shared)
			sum += space->regions[i].size;
	return sum;
}

/* Goes through the whole time; `processes` NULL: only to learn which memory is shared. */
static enum ct_status replay(struct sharing *sharing, struct ct_timing_process *processes)
{
	enum ct_status status = CT_OK;

	for (size_t i = 0; i < sharing->trace->process_count; i++)
		sharing->spaces[i].count = 0;
	for (size_t i = 0; !status && i < sharing->item_count; i++) {
		const struct item *item = &sharing->items[i];
		struct space *space = &sharing->spaces[item->process];
		uint64_t bytes;

		if (item->what == MAP)
			status = apply_map(sharing, item);
		else if (item->what == EXEC)
			space->count = 0;
		else
			status = copy(sharing, item->process);
		if (!processes)
			continue;
		bytes = shared_now(sharing, space);
		if (bytes > processes[item->process].shared_bytes)
			processes[item->process].shared_bytes = bytes;
	}
	return status;
}

enum ct_status ct_shared_bytes(const struct ct_trace *trace, const bool *copied,
			       struct ct_timing_process *processes, size_t count)
{
	struct sharing sharing = {.trace = trace, .copied = copied};
	enum ct_status status;

	if (!trace->map_count || !count)
		return CT_OK;
	ct_map_init(&sharing.numbers);
	status = prepare(&sharing);
	if (status == CT_OK)
		status = replay(&sharing, NULL);
	if (status == CT_OK)
		status = replay(&sharing, processes);
	for (size_t i = 0; sharing.spaces && i < count; i++)
		free(sharing.spaces[i].regions);
	ct_map_fini(&sharing.numbers);
	free(sharing.items);
	free(sharing.spaces);
	free(sharing.memories);
	return status;
}
