#include "model/access_private.h"

#include <stdlib.h>
#include <string.h>

#include "base/vec.h"

/* Memory that begins and ends: blocks of the heap, stacks, modules, programs. */

enum { LOCALS_MAX = 64 << 20 }; /* bytes of thread-local variables */

static int by_process_and_time(const void *left, const void *right)
{
	const struct ct_unloading *a = left, *b = right;

	if (a->process != b->process)
		return a->process < b->process ? -1 : 1;
	if (a->time != b->time)
		return a->time < b->time ? -1 : 1;
	return a->start < b->start ? -1 : a->start > b->start;
}

static enum ct_status list_unloadings(struct ct_model_state *state)
{
	struct ct_accesses *accesses = state->accesses;
	const struct ct_trace *trace = state->model.trace;
	size_t count = 0;
	uint64_t index;

	accesses->unloadings = calloc(trace->module_count + 1, sizeof(*accesses->unloadings));
	if (!accesses->unloadings)
		return CT_ENOMEM;
	for (size_t i = 0; i < trace->module_count; i++) {
		const struct ct_trace_module *module = &trace->modules[i];

		if (!module->unload || module->end <= module->start ||
		    !ct_map_get(&state->numbers, module->process, &index))
			continue;
		accesses->unloadings[count++] = (struct ct_unloading){
			module->end_time, module->start, module->end - module->start,
			(uint32_t)index, module->image};
	}
	qsort(accesses->unloadings, count, sizeof(*accesses->unloadings), by_process_and_time);
	accesses->unloading_count = count;
	for (size_t i = 0; i < count; i++) {
		struct ct_process_memory *memory =
			&accesses->processes[accesses->unloadings[i].process];

		if (!memory->unloading_count++)
			memory->unloadings = &accesses->unloadings[i];
	}
	return CT_OK;
}

enum ct_status ct_accesses_prepare(struct ct_model_state *state)
{
	struct ct_arena *arena = &state->model.arena;
	struct ct_accesses *accesses;
	enum ct_status status;

	if (!state->model.trace->some_accesses)
		return CT_OK;
	accesses = ct_arena_alloc(arena, sizeof(*accesses));
	if (!accesses)
		return CT_ENOMEM;
	accesses->processes =
		ct_arena_calloc(arena, state->model.process_count, sizeof(*accesses->processes));
	if (!accesses->processes)
		return CT_ENOMEM;
	state->accesses = accesses;
	status = ct_vec_grow(&accesses->list, &accesses->cap, 1, sizeof(*accesses->list));
	return status ? status : list_unloadings(state);
}

void ct_accesses_fini(struct ct_model_state *state)
{
	struct ct_accesses *accesses = state->accesses;

	if (!accesses)
		return;
	for (size_t i = 0; i < state->model.process_count; i++)
		ct_blocks_fini(&accesses->processes[i].blocks);
	free(accesses->unloadings);
	free(accesses->list);
}

static void set_ends(struct ct_step *step, uint64_t location, uint64_t size)
{
	uint64_t room = CT_SPACE_SIZE - (location & (CT_SPACE_SIZE - 1));

	if (!location || !size)
		return;
	step->ends = location;
	step->ends_size = size < room ? size : room;
}

/* Another program runs in the process since the step before: all that it had is gone. */
static void end_program(struct ct_step *step, struct ct_process_memory *memory)
{
	set_ends(step, memory->space, CT_SPACE_SIZE);
	memory->space = 0;
	memory->image = ct_process_state(step->thread->process)->image;
	ct_blocks_fini(&memory->blocks);
}

/* The next module that is gone by now and was not told. A step tells one, which is soon enough:
 * before another lies there, its loading is recorded. */
static void end_module(struct ct_model_state *state, struct ct_step *step,
		       struct ct_process_memory *memory)
{
	const struct ct_unloading *gone = memory->unloadings;

	if (gone->time > step->record->time)
		return;
	memory->unloadings++;
	memory->unloading_count--;
	if (gone->image == memory->image)
		set_ends(step, ct_place_private(state, step->thread->process, gone->start),
			 gone->size);
}

/* A stack that may have been another thread's, with the thread-local variables: they lie above it,
 * up to what the pthread_t points to. */
static void end_stack(struct ct_model_state *state, struct ct_step *step)
{
	struct ct_payload_start start;
	uint64_t size;

	if (step->record->payload_size < sizeof(start))
		return;
	memcpy(&start, step->record->payload, sizeof(start));
	size = start.stack_size;
	if (start.pthread - start.stack_low > size &&
	    start.pthread - start.stack_low < size + LOCALS_MAX)
		size = start.pthread - start.stack_low;
	if (start.stack_low)
		set_ends(step, ct_place_of(state, step->thread->process, start.stack_low), size);
}

/* Of a new block: what was freed with the block before it may reach beyond what this one asks for.
 */
static uint64_t usable_size(const struct ct_record *record)
{
	struct ct_payload_block block;

	if (record->payload_size < sizeof(block))
		return record->arg;
	memcpy(&block, record->payload, sizeof(block));
	return block.usable > record->arg ? block.usable : record->arg;
}

/* Of a block, bytes that nobody asked for, but that may have been used: they are a part of it. Of
 * other memory, all. Shared memory neither begins nor ends with this process's view of it. */
static void end_freed(struct ct_model_state *state, struct ct_step *step)
{
	const struct ct_record *record = step->record;
	uint64_t kept = ct_freed_by(state, step).size;

	if (record->arg > kept)
		set_ends(step,
			 ct_place_private(state, step->thread->process, record->object + kept),
			 record->arg - kept);
}

void ct_accesses_end(struct ct_model_state *state, struct ct_step *step)
{
	const struct ct_process_state *process = ct_process_state(step->thread->process);
	struct ct_process_memory *memory = &state->accesses->processes[process->index];

	if (memory->image != process->image)
		end_program(step, memory);
	else if (step->effect == CT_EFFECT_MEMORY_ALLOCATED)
		set_ends(step, ct_place_private(state, &process->process, step->record->object),
			 usable_size(step->record));
	else if (step->effect == CT_EFFECT_MEMORY_FREED)
		end_freed(state, step);
	else if (step->effect == CT_EFFECT_THREAD_START && !process->borrows)
		end_stack(state, step);
	else if (memory->unloading_count)
		end_module(state, step, memory);
}

/* The block that an address of the process lies in. A forked child has copies of its parent's. */
static struct ct_live_block *find_block(struct ct_model_state *state,
					const struct ct_process *process, uint64_t address)
{
	uint64_t before = UINT64_MAX;

	for (size_t i = 0; process && i < state->model.process_count; i++) {
		const struct ct_process_state *at = ct_process_state(process);
		struct ct_live_block *block =
			ct_blocks_find(&ct_memory_of(state, process)->blocks, address);

		if (block && block->time < before)
			return block;
		if (!at->copied && !at->borrows)
			return NULL;
		if (at->copied && at->trace->time < before)
			before = at->trace->time;
		process = process->parent;
	}
	return NULL;
}

struct ct_freed ct_freed_by(struct ct_model_state *state, const struct ct_step *step)
{
	const struct ct_record *record = step->record;
	struct ct_freed freed = {.address = record->object};

	freed.block = find_block(state, step->thread->process, freed.address);
	if (!freed.block)
		return freed;
	freed.size = freed.block->address + freed.block->size - freed.address;
	if (freed.address != freed.block->address && record->arg < freed.size)
		freed.size = record->arg; /* realloc gives a part back */
	return freed;
}

/* Whether the block is the process's own, not one that it has a copy of. */
static bool owns(const struct ct_process_memory *memory, const struct ct_live_block *block)
{
	const struct ct_blocks *blocks = &memory->blocks;

	return blocks->count && block >= blocks->blocks && block < blocks->blocks + blocks->count;
}

enum ct_status ct_accesses_apply(struct ct_model_state *state, const struct ct_step *step)
{
	const struct ct_record *record = step->record;
	struct ct_process_memory *memory;
	struct ct_live_block *old;
	struct ct_freed freed;

	if (!state->accesses ||
	    (step->effect != CT_EFFECT_MEMORY_ALLOCATED && step->effect != CT_EFFECT_MEMORY_FREED))
		return CT_OK;
	memory = ct_memory_of(state, step->thread->process);
	if (step->effect == CT_EFFECT_MEMORY_ALLOCATED) {
		if (ct_maps_find(ct_process_state(step->thread->process), record->object))
			return CT_OK; /* shared memory is mapped: no block of the heap */
		old = ct_blocks_find(&memory->blocks, record->object);
		if (old) /* its end was not seen */
			ct_blocks_remove(&memory->blocks, old);
		return ct_blocks_add(&memory->blocks,
				     &(struct ct_live_block){.address = record->object,
							     .size = record->arg,
							     .time = record->time,
							     .thread = step->thread->id,
							     .stack = record->stack});
	}
	freed = ct_freed_by(state, step);
	if (freed.block && freed.address == freed.block->address && owns(memory, freed.block))
		ct_blocks_remove(&memory->blocks, freed.block);
	return CT_OK;
}

bool ct_model_block(const struct ct_model *model, const struct ct_process *process,
		    uint64_t address, struct ct_block *out_block)
{
	struct ct_model_state *state = ct_model_state(model);
	const struct ct_live_block *block = NULL;

	if (state->accesses)
		block = find_block(state, process, address);
	if (!block)
		return false;
	*out_block = (struct ct_block){.address = block->address,
				       .size = block->size,
				       .time = block->time,
				       .thread = model->threads[block->thread],
				       .stack = block->stack};
	return true;
}

/* Of threads that had the same stack one after the other the newest, or the one that lives. */
const struct ct_thread *ct_model_stack_owner(const struct ct_model *model,
					     const struct ct_process *process, uint64_t address)
{
	const struct ct_thread *best = NULL;

	(void)model;
	for (size_t i = 0; i < process->thread_count; i++) {
		const struct ct_thread *thread = process->threads[i];

		if (!thread->stack_low || address - thread->stack_low >= thread->stack_size)
			continue;
		if (!best || best->exited || !thread->exited)
			best = thread;
	}
	return best;
}
