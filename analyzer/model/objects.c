#include "model/objects.h"

#include <stdlib.h>

#include "model/channel.h"
#include "model/filelocks.h"
#include "model/given.h"
#include "model/maps.h"
#include "model/rounds.h"

/*
 * A lock of the program's own, what an annotation names and a futex word may stand at the address
 * of something else, being a part of it or the whole. So each of these kinds has a space of its own
 * in a table, told by bits that no address has.
 */
enum { SPACES = 4, SPACE_BITS = 56 };

/* So far back it is looked where a forked child's object comes from. */
enum { LIVES_BACK = 64, FORKS_BACK = 16 };

static uint64_t space_of(enum ct_object_kind kind)
{
	switch (kind) {
	case CT_OBJECT_USER_LOCK:
		return (uint64_t)1 << SPACE_BITS;
	case CT_OBJECT_FUTEX:
		return (uint64_t)2 << SPACE_BITS;
	case CT_OBJECT_ORDER:
		return (uint64_t)3 << SPACE_BITS;
	default:
		return 0;
	}
}

/* The table that an address belongs to, and its address there. */
static struct ct_object_table *locate(const struct ct_process *process, enum ct_object_kind kind,
				      uint64_t *address)
{
	struct ct_process_state *state = ct_process_state(process);
	const struct ct_mapping *mapping =
		state->mapping_count ? ct_maps_find(state, *address) : NULL;

	if (mapping)
		*address = mapping->offset + (*address - mapping->start);
	*address |= space_of(kind);
	return mapping ? &mapping->memory->table : &state->table;
}

struct ct_object_state *ct_object_newest(const struct ct_object_table *table, uint64_t address)
{
	uint64_t value;

	if (!ct_map_get(&table->newest, address, &value))
		return NULL;
	return (struct ct_object_state *)(uintptr_t)value;
}

struct ct_object_state *ct_objects_newest(const struct ct_process *process, uint64_t address,
					  enum ct_object_kind kind)
{
	const struct ct_object_table *table = locate(process, kind, &address);

	return ct_object_newest(table, address);
}

struct ct_object_state *ct_objects_find(const struct ct_process *process, uint64_t address,
					enum ct_object_kind kind)
{
	struct ct_object_state *object = ct_objects_newest(process, address, kind);

	return object && !object->ended ? object : NULL;
}

static enum ct_status enter_page(struct ct_object_state *object)
{
	struct ct_map *pages = &object->table->pages;
	uint64_t page = object->address >> CT_PAGE_BITS, first = 0;

	ct_map_get(pages, page, &first);
	object->next_in_page = (struct ct_object_state *)(uintptr_t)first;
	return ct_map_put(pages, page, (uint64_t)(uintptr_t)object);
}

static void leave_page(struct ct_object_state *object)
{
	struct ct_map *pages = &object->table->pages;
	uint64_t page = object->address >> CT_PAGE_BITS, first = 0;
	struct ct_object_state *at;

	ct_map_get(pages, page, &first);
	at = (struct ct_object_state *)(uintptr_t)first;
	if (at == object && !object->next_in_page) {
		ct_map_remove(pages, page);
		return;
	}
	if (at == object) {
		/* replacing a value needs no memory */
		(void)!ct_map_put(pages, page, (uint64_t)(uintptr_t)object->next_in_page);
		return;
	}
	while (at && at->next_in_page != object)
		at = at->next_in_page;
	if (at)
		at->next_in_page = object->next_in_page;
}

void ct_object_end(struct ct_object_state *object, uint64_t time)
{
	if (object->ended)
		return;
	object->ended = true;
	object->end_time = time;
	leave_page(object);
}

enum ct_status ct_object_revive(struct ct_object_state *object)
{
	if (!object->ended || ct_object_newest(object->table, object->address) != object)
		return CT_OK;
	object->ended = false;
	object->object.destroyed = false;
	return enter_page(object);
}

/* The newest of the lives at an address of the parent that began before its child did, and in the
 * same program. */
static const struct ct_object_state *life_at(const struct ct_process_state *parent,
					     uint64_t address, uint64_t birth)
{
	const struct ct_object_state *life = ct_object_newest(&parent->table, address);

	for (int i = 0; life && life->object.time > birth && i < LIVES_BACK; i++)
		life = life->before;
	if (!life || life->object.time > birth ||
	    (parent->image && parent->exec_time <= birth && life->object.time < parent->exec_time))
		return NULL;
	return life;
}

/* What lies at the address in the memory that the process began with: of the nearest ancestor that
 * used it, since one that did not use it passed it on. */
static const struct ct_object_state *origin_of(const struct ct_process *process, uint64_t address)
{
	const struct ct_process_state *state = ct_process_state(process);
	const struct ct_object_state *origin = NULL;

	for (int i = 0; !origin && process->parent && state->copied && i < FORKS_BACK; i++) {
		uint64_t birth = state->trace->time;

		process = process->parent;
		state = ct_process_state(process);
		origin = life_at(state, address, birth);
	}
	return origin;
}

/* A forked child's lock is a copy of its parent's: as initialised as that. */
static void copy_origin(const struct ct_process *process, struct ct_object_state *object)
{
	const struct ct_object_state *origin = origin_of(process, object->address);

	if (!origin || origin->object.kind != object->object.kind)
		return;
	object->origin = origin;
	object->object.initialised = origin->object.initialised;
	object->object.init_arg = origin->object.init_arg;
	object->traffic.counted = false; /* how much was in it at the fork is not known */
}

enum ct_status ct_object_begin(struct ct_model *model, struct ct_thread *thread,
			       struct ct_object_table *table, uint64_t address,
			       enum ct_object_kind kind, uint64_t time,
			       struct ct_object_state **out_object)
{
	struct ct_object_state *object = ct_arena_alloc(&model->arena, sizeof(*object));
	struct ct_object_state *before = ct_object_newest(table, address);
	enum ct_status status;

	if (!object || model->object_count >= UINT32_MAX)
		return CT_ENOMEM;
	object->table = table;
	object->address = address;
	object->object.kind = kind;
	object->object.id = (uint32_t)model->object_count;
	object->object.time = time;
	object->object.creator = thread;
	object->object.generation = before ? before->object.generation + 1 : 0;
	object->before = before;
	status = ct_vec_grow(&model->objects, &model->object_cap, model->object_count + 1,
			     sizeof(struct ct_object *));
	if (status == CT_OK)
		status = ct_map_put(&table->newest, address, (uint64_t)(uintptr_t)object);
	if (status == CT_OK)
		status = enter_page(object);
	if (status)
		return status;
	model->objects[model->object_count++] = &object->object;
	*out_object = object;
	return CT_OK;
}

/* Begins an object at an address of the thread's process, after ending what lived there. */
static enum ct_status begin_at(struct ct_model *model, struct ct_thread *thread, uint64_t address,
			       enum ct_object_kind kind, uint64_t time,
			       struct ct_object_state **out_object)
{
	uint64_t place = address;
	struct ct_object_table *table = locate(thread->process, kind, &place);
	struct ct_object_state *before = ct_object_newest(table, place), *object;
	bool private = table == &ct_process_state(thread->process)->table;
	enum ct_status status;

	if (before) {
		before->past.overwritten = !before->ended;
		ct_object_end(before, time);
	}
	status = ct_object_begin(model, thread, table, place, kind, time, &object);
	if (status)
		return status;
	object->object.process = private ? thread->process : NULL;
	object->object.address = address;
	object->object.given_name =
		ct_given_name(model, thread->process, address, time, before ? before->end_time : 0);
	if (private && !before)
		copy_origin(thread->process, object);
	if (model->trace->text)
		object->object.initialised =
			ct_given_value(model, address, &object->object.init_arg);
	*out_object = object;
	return CT_OK;
}

enum ct_status ct_objects_use(struct ct_model *model, struct ct_thread *thread, uint64_t address,
			      enum ct_object_kind kind, uint64_t time,
			      struct ct_object_state **out_object)
{
	struct ct_object_state *object;

	*out_object = NULL;
	if (!address)
		return CT_OK;
	object = ct_objects_find(thread->process, address, kind);
	if (object && object->object.kind == kind) {
		*out_object = object;
		return CT_OK;
	}
	return begin_at(model, thread, address, kind, time, out_object);
}

enum ct_status ct_objects_init(struct ct_model *model, struct ct_thread *thread,
			       const struct ct_record *record, enum ct_object_kind kind,
			       struct ct_object_state **out_object)
{
	struct ct_object_state *object;
	enum ct_status status = CT_OK;

	*out_object = NULL;
	if (!record->object)
		return CT_OK;
	object = ct_objects_find(thread->process, record->object, kind);
	if (!object || !object->holder_count)
		status = begin_at(model, thread, record->object, kind, record->time, &object);
	if (status)
		return status;
	object->object.initialised = true;
	object->object.init_arg = record->arg;
	object->object.init_stack = record->stack;
	object->object.creator = thread;
	*out_object = object;
	return CT_OK;
}

static void end_in_list(uint64_t first, uint64_t start, uint64_t size, uint64_t time)
{
	struct ct_object_state *object = (struct ct_object_state *)(uintptr_t)first;

	while (object) {
		struct ct_object_state *next = object->next_in_page;

		if (object->address - start < size)
			ct_object_end(object, time);
		object = next;
	}
}

/* The lists that stand in `pages`; ending an object changes the map, so they are copied first. */
static void end_everywhere(struct ct_object_table *table, uint64_t start, uint64_t size,
			   uint64_t time)
{
	size_t count = ct_map_count(&table->pages), filled = 0, cursor = 0;
	uint64_t *firsts = malloc((count ? count : 1) * sizeof(*firsts)), page, first;

	/* Without memory they live on: a missed end, which a later init repairs. */
	if (!firsts)
		return;
	while (ct_map_next(&table->pages, &cursor, &page, &first))
		firsts[filled++] = first;
	for (size_t i = 0; i < filled; i++)
		end_in_list(firsts[i], start, size, time);
	free(firsts);
}

static void end_in_space(struct ct_object_table *table, uint64_t start, uint64_t size,
			 uint64_t time)
{
	uint64_t page = start >> CT_PAGE_BITS, last, first;

	if (!size)
		return;
	if (size - 1 > UINT64_MAX - start)
		size = UINT64_MAX - start;
	last = (start + (size - 1)) >> CT_PAGE_BITS;
	if (last - page >= ct_map_count(&table->pages)) {
		end_everywhere(table, start, size, time);
		return;
	}
	for (; page <= last; page++)
		if (ct_map_get(&table->pages, page, &first))
			end_in_list(first, start, size, time);
}

void ct_objects_end_range(struct ct_object_table *table, uint64_t start, uint64_t size,
			  uint64_t time)
{
	uint64_t space = (uint64_t)1 << SPACE_BITS;

	end_in_space(table, start, size, time);
	if (start >= space) /* damaged: no address */
		return;
	if (size > space - start)
		size = space - start;
	for (uint64_t i = 1; i < SPACES; i++)
		end_in_space(table, i * space + start, size, time);
}

void ct_objects_end_all(struct ct_process_state *process, uint64_t time)
{
	end_everywhere(&process->table, 0, UINT64_MAX, time);
}

static void table_fini(struct ct_object_table *table)
{
	ct_map_fini(&table->newest);
	ct_map_fini(&table->pages);
}

void ct_objects_fini(struct ct_model *model)
{
	struct ct_model_state *state = ct_model_state(model);

	for (size_t i = 0; i < model->object_count; i++) {
		struct ct_object_state *object = ct_object_state(model->objects[i]);

		free(object->holders);
		free(object->helpers);
		ct_traffic_fini(&object->traffic);
		ct_rounds_free(object->rounds);
		ct_channel_free(object->channel);
		ct_file_locks_free(object->file_locks);
		if (object->said)
			ct_vclock_fini(object->said);
		free(object->said);
		free(object->watched);
	}
	free(model->objects);
	for (size_t i = 0; i < model->process_count; i++)
		table_fini(&ct_process_state(model->processes[i])->table);
	for (struct ct_memory *memory = state->memories; memory; memory = memory->next)
		table_fini(&memory->table);
	table_fini(&state->kernel);
}
