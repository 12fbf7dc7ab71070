#include "detect/atomicity_pairs.h"

#include <stdlib.h>

#include "base/vec.h"

/*
 * A pair is made when a thread writes, under a hold of a lock, what it read under its hold before,
 * if all of this is so:
 *  - the first hold only read it, and the value was not one that the thread had written itself;
 *  - it has not read it again since, but by the statement that writes (x = x - 1);
 *  - it did not wait for another thread between the two, which may have left it the turn.
 * The recorder drops a read that repeats one of the same thread if no lock was given back in
 * between. So a read before the second hold counts as a look at the value too: `recent`.
 */

/* What is not looked at: arrays as large as this are not what a check is made of. */
enum { BYTES_OF_ACCESS = 1 << 12, ACCESSES_OF_STEP = 1 << 16 };

static struct ct_recent_read *recent_of(const struct ct_watched_thread *thread, uint64_t cell)
{
	return &thread->recent[ct_map_mix(cell) & (CT_RECENT_READS - 1)];
}

static enum ct_status remember(struct ct_watched_thread *thread, const struct ct_touch *touch)
{
	struct ct_recent_read *recent;

	if (!thread->recent)
		thread->recent = calloc(CT_RECENT_READS, sizeof(*thread->recent));
	if (!thread->recent)
		return CT_ENOMEM;
	recent = recent_of(thread, touch->cell);
	if (recent->epoch == thread->epoch) {
		if (recent->cell == touch->cell && recent->bytes == touch->bytes &&
		    recent->stack == touch->stack)
			return CT_OK;
		thread->lost = thread->epoch;
	}
	*recent = (struct ct_recent_read){touch->cell, thread->epoch, touch->stack, touch->bytes};
	return CT_OK;
}

static enum ct_status is_same_place(struct ct_atomicity *all, const struct ct_thread *thread,
				    uint32_t a, uint32_t b, bool *out_same)
{
	uint32_t process = thread->process->number, first = 0, second = 0;
	enum ct_status status = CT_OK;

	if (a != b)
		status = ct_places_number(&all->places, process, a, &first);
	if (status == CT_OK && a != b)
		status = ct_places_number(&all->places, process, b, &second);
	*out_same = a == b || (first && first == second);
	return status;
}

/* Whether the thread read the bytes again, under its present hold or shortly before, elsewhere than
 * in the statement that writes. */
static enum ct_status looked_again(struct ct_atomicity *all, const struct ct_thread *thread,
				   const struct ct_section *now, const struct ct_touch *write,
				   bool *out_looked)
{
	const struct ct_watched_thread *watched = &all->threads[thread->id];
	const struct ct_recent_read *recent =
		watched->recent ? recent_of(watched, write->cell) : NULL;
	const struct ct_touch *read = now->touches;
	enum ct_status status = CT_OK;
	bool same = true;

	*out_looked = true;
	if (watched->lost == watched->epoch)
		return CT_OK;
	if (recent && recent->epoch == watched->epoch && recent->cell == write->cell &&
	    recent->bytes & write->bytes)
		status = is_same_place(all, thread, recent->stack, write->stack, &same);
	while (!status && same &&
	       (read = ct_section_next(now, (size_t)(read - now->touches), write->cell,
				       write->bytes, true))) {
		status = is_same_place(all, thread, read->stack, write->stack, &same);
		read++;
	}
	*out_looked = !same;
	return status;
}

/* What else was read under both holds. False: that is too much to tell. */
static bool list_others(const struct ct_lock_sections *of_lock, struct ct_pair *pair)
{
	for (size_t i = 0; i < of_lock->now.count; i++) {
		const struct ct_touch *touch = &of_lock->now.touches[i];

		if (!touch->read || touch->cell == pair->write.touch.cell ||
		    ct_section_next(&of_lock->now, 0, touch->cell, touch->bytes, false) ||
		    !ct_section_next(&of_lock->last, 0, touch->cell, touch->bytes, true))
			continue;
		if (pair->other_count == CT_PAIR_OTHERS)
			return false;
		pair->others[pair->other_count++] = *touch;
	}
	return true;
}

static void list_through(const struct ct_thread *thread, struct ct_pair *pair)
{
	for (size_t i = 0; i < thread->held_count && pair->through_count < CT_HOLDS_MAX; i++)
		if (thread->held[i].object != pair->lock &&
		    thread->held[i].since <= pair->read_hold.since)
			pair->through[pair->through_count++] = thread->held[i];
}

static bool wrote_itself(const struct ct_guarded_cell *cell, const struct ct_thread *thread,
			 uint8_t bytes)
{
	for (unsigned i = 0; i < 8; i++)
		if (bytes >> i & 1 && cell->writers[i] == thread->id + 1)
			return true;
	return false;
}

/* The read of the hold before that the write may go by, or NULL. */
static const struct ct_touch *read_before(const struct ct_watched_thread *thread,
					  const struct ct_lock_sections *of_lock,
					  const struct ct_touch *write)
{
	const struct ct_section *last = &of_lock->last;

	if (!last->count || last->full || of_lock->now.full ||
	    last->waits != thread->sections.waits ||
	    ct_section_next(last, 0, write->cell, write->bytes, false))
		return NULL;
	return ct_section_next(last, 0, write->cell, write->bytes, true);
}

/* Whether the hold before the last one read it at the same place and did nothing: it is asked again
 * and again until it says that the thread may go on. */
static bool is_polled(const struct ct_lock_sections *of_lock, const struct ct_touch *read)
{
	const struct ct_section *older = &of_lock->older;
	const struct ct_touch *touch = older->touches;

	if (older->waits != of_lock->last.waits ||
	    ct_section_next(older, 0, read->cell, read->bytes, false))
		return false;
	while ((touch = ct_section_next(older, (size_t)(touch - older->touches), read->cell,
					read->bytes, true))) {
		if (touch->stack == read->stack)
			return true;
		touch++;
	}
	return false;
}

/* Those of two places are counted; those in which another write came between are not. */
static enum ct_status has_room(struct ct_atomicity *all, const struct ct_pair *pair, bool *out_room)
{
	uint64_t key = (uint64_t)pair->read.stack << 32 | pair->write.touch.stack, count = 0;

	*out_room = all->pair_count < CT_ATOMICITY_PAIRS;
	if (pair->came)
		return CT_OK;
	key ^= ct_map_mix(pair->write.thread->process->number);
	ct_map_get(&all->pairs_of_places, key, &count);
	*out_room &= count < CT_PAIRS_OF_PLACES;
	return ct_map_put(&all->pairs_of_places, key, count + 1);
}

static enum ct_status add_pair(struct ct_atomicity *all, struct ct_guarded_cell *cell,
			       struct ct_pair *pair)
{
	const struct ct_thread *thread = pair->write.thread;
	const struct ct_vclock *clock = ct_causality_clock(&all->causality, thread);
	enum ct_status status;
	bool room;

	if (pair->came)
		pair->came = ct_arena_memdup(&all->cells.arena, pair->came, sizeof(*pair->came));
	status = has_room(all, pair, &room);
	if (status || !room)
		return status;
	status = ct_vec_grow(&all->pairs, &all->pair_cap, all->pair_count + 1, sizeof(*all->pairs));
	if (status)
		return status;
	if (!ct_model_block(all->model, thread->process, pair->write.touch.address, &pair->block))
		pair->block.size = 0;
	pair->stack_owner =
		ct_model_stack_owner(all->model, thread->process, pair->write.touch.address);
	pair->clock = ct_vclock_copy(clock);
	pair->next = cell->pairs;
	all->pairs[all->pair_count++] = *pair;
	cell->pairs = (uint32_t)all->pair_count;
	return CT_OK;
}

/* A write of bytes of `cell` under a lock of which the thread has these sections. */
static enum ct_status look_at_write(struct ct_atomicity *all, const struct ct_deed *write,
				    struct ct_guarded_cell *cell,
				    const struct ct_lock_sections *of_lock)
{
	const struct ct_touch *read =
		read_before(&all->threads[write->thread->id], of_lock, &write->touch);
	struct ct_pair pair = {.lock = of_lock->lock};
	enum ct_status status;
	bool looked;

	if (!read || wrote_itself(cell, write->thread, write->touch.bytes))
		return CT_OK;
	if (is_polled(of_lock, read)) {
		cell->handed_over |= write->touch.bytes;
		return CT_OK;
	}
	pair.read = *read;
	pair.read_hold = of_lock->last.held;
	pair.write = *write;
	if (!list_others(of_lock, &pair))
		return CT_OK;
	status = looked_again(all, write->thread, &of_lock->now, &write->touch, &looked);
	if (status || looked)
		return status;
	list_through(write->thread, &pair);
	pair.clock = *ct_causality_clock(&all->causality, write->thread); /* borrowed, to ask */
	pair.came = ct_cells_between(&all->cells, cell, &pair, of_lock->last.order);
	return add_pair(all, cell, &pair);
}

static enum ct_status touch_sections(struct ct_atomicity *all, const struct ct_step *step,
				     const struct ct_touch *touch)
{
	struct ct_thread_sections *sections = &all->threads[step->thread->id].sections;
	enum ct_status status = CT_OK;

	ct_cells_see(&all->cells, touch->cell);
	for (size_t i = 0; !status && i < step->thread->held_count; i++) {
		struct ct_lock_sections *of_lock =
			ct_sections_hold(sections, &step->thread->held[i]);

		if (!of_lock)
			return CT_ENOMEM;
		of_lock->now.order = step->index;
		of_lock->now.waits = sections->waits;
		status = ct_section_touch(&of_lock->now, touch);
	}
	return status;
}

static enum ct_status write_under_locks(struct ct_atomicity *all, const struct ct_step *step,
					const struct ct_touch *touch)
{
	struct ct_thread_sections *sections = &all->threads[step->thread->id].sections;
	const struct ct_thread *thread = step->thread;
	struct ct_deed deed = {.thread = thread, .touch = *touch};
	struct ct_guarded_cell *cell;
	enum ct_status status = ct_cells_get(&all->cells, touch->cell, &cell);

	if (status || !cell)
		return status;
	if (thread->held_count > CT_HOLDS_MAX) {
		ct_cells_wrote(cell, thread, touch->bytes);
		return CT_OK;
	}
	for (size_t i = 0; i < thread->held_count; i++)
		deed.holds[deed.hold_count++] = thread->held[i];
	for (size_t i = 0; !status && i < thread->held_count; i++) {
		const struct ct_lock_sections *of_lock;

		if (thread->held[i].mode != CT_MODE_EXCLUSIVE)
			continue;
		of_lock = ct_sections_hold(sections, &thread->held[i]);
		status = of_lock ? look_at_write(all, &deed, cell, of_lock) : CT_ENOMEM;
	}
	if (status == CT_OK)
		status = ct_cells_write(&all->cells, cell, &deed,
					ct_causality_clock(&all->causality, thread), step->index);
	ct_cells_wrote(cell, thread, touch->bytes);
	return status;
}

static enum ct_status read_bytes(struct ct_atomicity *all, const struct ct_step *step,
				 struct ct_touch *touch)
{
	enum ct_status status = CT_OK;

	touch->read = true;
	if (step->thread->held_count)
		status = touch_sections(all, step, touch);
	return status ? status : remember(&all->threads[step->thread->id], touch);
}

static enum ct_status write_bytes(struct ct_atomicity *all, const struct ct_step *step,
				  struct ct_touch *touch)
{
	struct ct_guarded_cell *cell;
	enum ct_status status;

	touch->read = false;
	if (!step->thread->held_count) {
		cell = ct_cells_find(&all->cells, touch->cell);
		if (cell)
			ct_cells_wrote(cell, step->thread, touch->bytes);
		return CT_OK;
	}
	status = write_under_locks(all, step, touch);
	return status ? status : touch_sections(all, step, touch);
}

static enum ct_status touch_range(struct ct_atomicity *all, const struct ct_step *step,
				  const struct ct_access *access, uint64_t location,
				  uint64_t address)
{
	uint64_t end = location + access->size, first = location / 8, last = (end - 1) / 8;
	enum ct_status status = CT_OK;

	for (uint64_t cell = first; !status && cell <= last; cell++) {
		unsigned from = cell == first ? location % 8 : 0;
		unsigned to = cell == last ? (end - 1) % 8 : 7;
		struct ct_touch touch = {.cell = cell,
					 .address = address,
					 .time = step->record->time,
					 .stack = access->stack,
					 .size = access->size,
					 .bytes = (uint8_t)(0xff << from & 0xff >> (7 - to)),
					 .kind = access->kind};

		if (!step->thread->held_count && !ct_cells_seen(&all->cells, cell))
			continue;
		if (access->kind & CT_ACCESS_READ)
			status = read_bytes(all, step, &touch);
		if (!status && access->kind & CT_ACCESS_WRITE)
			status = write_bytes(all, step, &touch);
	}
	return status;
}

static enum ct_status touch_all(struct ct_atomicity *all, const struct ct_step *step)
{
	enum ct_status status = CT_OK;
	uint32_t left = ACCESSES_OF_STEP;

	for (size_t i = 0; i < step->access_count; i++) {
		const struct ct_access *access = &step->accesses[i];

		/* An atomic one is a protocol of its own; memory that is freed is its owner's. */
		if (access->kind & (CT_ACCESS_ATOMIC | CT_ACCESS_FREE) ||
		    access->size > BYTES_OF_ACCESS)
			continue;
		for (uint32_t n = 0; !status && n < access->count && left; n++, left--) {
			uint64_t shift = (uint64_t)((int64_t)n * access->stride);

			status = touch_range(all, step, access, access->location + shift,
					     access->address + shift);
		}
		if (status)
			return status;
	}
	return CT_OK;
}

/* Places as a key: what is unknown by its stack. */
static enum ct_status key_of(struct ct_atomicity *all, const struct ct_pair *pair,
			     uint64_t *out_key)
{
	uint32_t process = pair->write.thread->process->number, read = 0, write = 0;
	enum ct_status status = ct_places_number(&all->places, process, pair->read.stack, &read);

	if (status == CT_OK)
		status = ct_places_number(&all->places, process, pair->write.touch.stack, &write);
	if (!read || !write)
		*out_key = ct_map_mix((uint64_t)pair->read.stack << 32 | pair->write.touch.stack) ^
			   process;
	else
		*out_key = (uint64_t)read << 32 | write;
	return status;
}

/* Told is one in which the other write did come between, and the first of those. */
static bool is_better(const struct ct_pair *pair, const struct ct_pair *known)
{
	if (!pair->came != !known->came)
		return pair->came;
	return pair->write.touch.time < known->write.touch.time;
}

static enum ct_status add_stale(struct ct_atomicity *all, const struct ct_pair *pair,
				const struct ct_deed *between)
{
	struct ct_stale stale = {*pair, *between, 0};
	uint64_t key = 0, number;
	enum ct_status status = key_of(all, pair, &key);

	if (status)
		return status;
	if (ct_map_get(&all->stale_index, key, &number)) {
		struct ct_stale *known = &all->stale[number];

		stale.more = known->more + 1;
		if (is_better(pair, &known->pair))
			*known = stale;
		known->more = stale.more;
		return CT_OK;
	}
	status = ct_vec_grow(&all->stale, &all->stale_cap, all->stale_count + 1,
			     sizeof(*all->stale));
	if (status == CT_OK)
		status = ct_map_put(&all->stale_index, key, all->stale_count);
	if (status == CT_OK)
		all->stale[all->stale_count++] = stale;
	return status;
}

static enum ct_status judge_cell(struct ct_atomicity *all, const struct ct_guarded_cell *cell)
{
	enum ct_status status = CT_OK;

	for (uint32_t n = cell->pairs; !status && n; n = all->pairs[n - 1].next) {
		const struct ct_pair *pair = &all->pairs[n - 1];
		const struct ct_deed *between = ct_cells_judge(&all->cells, cell, pair);

		if (between)
			status = add_stale(all, pair, between);
	}
	return status;
}

static enum ct_status end_cell(struct ct_atomicity *all, uint64_t key)
{
	struct ct_guarded_cell *cell = ct_cells_find(&all->cells, key);
	enum ct_status status;

	if (!cell)
		return CT_OK;
	status = judge_cell(all, cell);
	ct_cells_end(&all->cells, cell);
	return status;
}

/* Goes over the cells of the memory, or over those that are known, whichever are fewer. */
static enum ct_status end_memory(struct ct_atomicity *all, uint64_t from, uint64_t size)
{
	uint64_t first = from / 8, last = (from + size - 1) / 8, key, value;
	enum ct_status status = CT_OK;
	size_t cursor = 0;

	if (last - first < ct_map_count(&all->cells.index)) {
		for (uint64_t cell = first; !status && cell <= last; cell++)
			if (ct_cells_seen(&all->cells, cell))
				status = end_cell(all, cell);
		return status;
	}
	while (!status && ct_map_next(&all->cells.index, &cursor, &key, &value))
		if (first <= key && key <= last)
			status = end_cell(all, key);
	return status;
}

/* What was read under the mutex that a condition wait gives back is what it waits for. */
static enum ct_status await(struct ct_atomicity *all, const struct ct_step *step)
{
	const struct ct_lock_sections *of_lock =
		ct_sections_find(&all->threads[step->thread->id].sections, step->mutex);
	const struct ct_held_lock *hold =
		ct_hold_of(step->thread->held, step->thread->held_count, step->mutex);
	enum ct_status status = CT_OK;

	if (!of_lock || !hold || hold->since != of_lock->now.held.since)
		return CT_OK;
	for (size_t i = 0; !status && i < of_lock->now.count; i++) {
		const struct ct_touch *touch = &of_lock->now.touches[i];
		struct ct_guarded_cell *cell;

		if (!touch->read)
			continue;
		status = ct_cells_get(&all->cells, touch->cell, &cell);
		if (status == CT_OK && cell)
			cell->handed_over |= touch->bytes;
	}
	return status;
}

enum ct_status ct_atomicity_step(struct ct_atomicity *all, const struct ct_step *step)
{
	struct ct_watched_thread *thread = &all->threads[step->thread->id];
	enum ct_status status = ct_causality_step(&all->causality, step);

	thread->sections.waits += ct_causality_takes(step);
	switch (step->effect) {
	case CT_EFFECT_IGNORE_BEGIN:
		thread->ignoring++;
		break;
	case CT_EFFECT_IGNORE_END:
		thread->ignoring -= thread->ignoring > 0;
		break;
	case CT_EFFECT_WAIT:
		if (!status && step->request && step->mutex)
			status = await(all, step);
		thread->epoch++;
		break;
	case CT_EFFECT_RELEASE:
		thread->epoch++;
		break;
	default:
		break;
	}
	if (status == CT_OK && step->ends_size)
		status = end_memory(all, step->ends, step->ends_size);
	if (status == CT_OK && !thread->ignoring)
		status = touch_all(all, step);
	return status;
}

enum ct_status ct_atomicity_finish(struct ct_atomicity *all)
{
	enum ct_status status = CT_OK;
	uint64_t key, value;
	size_t cursor = 0;

	while (!status && ct_map_next(&all->cells.index, &cursor, &key, &value))
		status = judge_cell(all, (const struct ct_guarded_cell *)(uintptr_t)value);
	return status;
}
