/*
 * What the memory of a race is called.
 */
#include "report/race_words.h"

#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "model/access.h"
#include "finding/stack.h"

enum { THREAD_LOCALS_MAX = 1 << 20 };

/* The bytes that both sides touch, in those of sides[0]. */
static uint64_t shared_size(const struct ct_race *race)
{
	uint64_t end = race->sides[0].address + race->sides[0].size, size = 1;

	if (end > race->address)
		size = end - race->address;
	if (!race->between_processes &&
	    race->sides[1].address + race->sides[1].size < race->address + size &&
	    race->sides[1].address + race->sides[1].size > race->address)
		size = race->sides[1].address + race->sides[1].size - race->address;
	else if (race->between_processes && race->sides[1].size < size)
		size = race->sides[1].size;
	return size ? size : 1;
}

static const struct ct_process *process_of(const struct ct_race *race)
{
	return race->sides[0].place.thread ? race->sides[0].place.thread->process : NULL;
}

static void find_in_block(struct ct_naming *naming, const struct ct_race *race, uint64_t size,
			  struct ct_named_memory *out)
{
	uint64_t offset = race->address - race->block_address;

	out->in_block = true;
	out->first = offset;
	if (size > race->block_size - offset)
		size = race->block_size - offset;
	out->last = offset + size - 1;
	if (naming->symbols && race->allocated_at.stack)
		(void)ct_symbols_block(naming->symbols, race->allocated_at.process,
				       race->allocated_at.stack, race->block_size, offset, size,
				       &out->data);
}

/* Thread-local variables lie just below what their thread's pthread_t points to. */
static void find_thread_local(struct ct_naming *naming, const struct ct_race *race,
			      struct ct_named_memory *out)
{
	const struct ct_process *process = process_of(race);

	for (size_t i = 0; naming->symbols && i < process->thread_count; i++) {
		const struct ct_thread *thread = process->threads[i];

		if (race->address >= thread->pthread ||
		    thread->pthread - race->address > THREAD_LOCALS_MAX)
			continue;
		out->data.name =
			ct_symbols_thread_local(naming->symbols, process->number, thread->pthread,
						race->address, race->sides[0].place.time);
		if (!out->data.name)
			continue;
		out->local_to = thread;
		return;
	}
}

/* Of a thread whose stack it is: its own stack at one of the accesses, else where it created one of
 * the threads. */
static void find_on_stack(struct ct_naming *naming, const struct ct_race *race, uint64_t size,
			  struct ct_named_memory *out)
{
	const struct ct_thread *owner = race->stack_owner;

	for (int i = 0; naming->symbols && !out->data.name && i < 4; i++) {
		const struct ct_place *place = &race->sides[i % 2].place;
		uint32_t stack = 0;

		if (i < 2 && place->thread == owner)
			stack = place->stack;
		else if (i >= 2 && place->thread && place->thread->creator == owner)
			stack = place->thread->create_stack;
		if (stack && ct_symbols_local(naming->symbols, owner->process->number, stack,
					      race->address, size, &out->data))
			out->is_guess = true;
	}
}

void ct_named_memory_find(struct ct_naming *naming, const struct ct_race *race,
			  struct ct_named_memory *out)
{
	const struct ct_process *process = process_of(race);
	uint64_t size = shared_size(race);

	*out = (struct ct_named_memory){.race = race};
	if (!process)
		return;
	out->data.name = ct_name_variable(naming, process, race->sides[0].address);
	out->is_text = out->data.name;
	if (out->is_text)
		return;
	if (race->block_size && race->address >= race->block_address &&
	    race->address - race->block_address < race->block_size)
		find_in_block(naming, race, size, out);
	else
		find_thread_local(naming, race, out);
	if (out->in_block || out->local_to)
		return;
	if (race->stack_owner)
		find_on_stack(naming, race, size, out);
	else if (naming->symbols && ct_symbols_data(naming->symbols, process->number, race->address,
						    size, race->sides[0].place.time, &out->data))
		out->first = out->data.offset, out->last = out->data.offset + size - 1;
	else if (naming->symbols)
		out->file = ct_symbols_file(naming->symbols, process->number, race->address,
					    race->sides[0].place.time, &out->file_offset);
}

static void add_bytes(struct ct_text *out, const struct ct_named_memory *memory)
{
	if (memory->first == memory->last)
		ct_text_addf(out, "byte %zu", memory->first);
	else
		ct_text_addf(out, "bytes %zu to %zu", memory->first, memory->last);
}

static void add_on_stack(struct ct_text *out, struct ct_naming *naming,
			 const struct ct_named_memory *memory)
{
	ct_text_addf(out, "a variable on the stack of %s",
		     ct_name_thread(naming, memory->race->stack_owner));
	if (memory->is_guess && memory->data.function)
		ct_text_addf(out, ", probably `%s` of %s", memory->data.name,
			     memory->data.function);
}

/* Where it is, if neither a symbol nor the record of the heap tells more. */
static void add_whereabouts(struct ct_text *out, const struct ct_named_memory *memory)
{
	if (memory->file)
		ct_text_addf(out, "static memory at %s+0x%" PRIx64, ct_path_base(memory->file),
			     memory->file_offset);
	else if (memory->race->between_processes)
		ct_text_add(out, "shared memory");
	else if (memory->race->caught)
		ct_text_add(out, "heap or mapped memory");
	else
		ct_text_add(out, "memory that has no name");
}

/* The source's name of it goes first; in full, what it is follows. */
static void add_unnamed(struct ct_text *out, struct ct_naming *naming,
			const struct ct_named_memory *memory, bool in_full)
{
	const struct ct_race *race = memory->race;

	if (race->called)
		ct_text_addf(out, "what %s calls `%s`", race->called_at, race->called);
	if (race->called && !in_full)
		return;
	if (race->called)
		ct_text_add(out, ": ");
	if (race->stack_owner)
		add_on_stack(out, naming, memory);
	else
		add_whereabouts(out, memory);
}

static void add_type(struct ct_text *out, const struct ct_named_memory *memory, bool in_full)
{
	if (in_full && memory->data.type)
		ct_text_addf(out, " (%s)", memory->data.type);
}

static void add_name(struct ct_text *out, struct ct_naming *naming,
		     const struct ct_named_memory *memory, bool in_full)
{
	const struct ct_race *race = memory->race;

	if (memory->local_to) {
		ct_text_addf(out, "thread-local `%s` of %s", memory->data.name,
			     ct_name_thread(naming, memory->local_to));
	} else if (race->stack_owner && (memory->is_guess || !race->called)) {
		add_on_stack(out, naming, memory);
		add_type(out, memory, in_full);
	} else if (memory->data.name && !race->stack_owner) {
		ct_text_addf(out, "`%s`", memory->data.name);
		add_type(out, memory, in_full);
		if (memory->in_block)
			ct_text_add(out, " in a heap block");
	} else if (memory->in_block) {
		add_bytes(out, memory);
		ct_text_addf(out, " of a heap block of %" PRIu64, race->block_size);
	} else {
		add_unnamed(out, naming, memory, in_full);
	}
}

void ct_race_add_name(struct ct_text *out, struct ct_naming *naming,
		      const struct ct_named_memory *memory)
{
	add_name(out, naming, memory, false);
}

void ct_race_add_name_and_type(struct ct_text *out, struct ct_naming *naming,
			       const struct ct_named_memory *memory)
{
	add_name(out, naming, memory, true);
}
