#include "detect/atomicity.h"

#include <stdlib.h>
#include <string.h>

#include "base/vec.h"

enum { SEEN_BITS = 1 << 18 };

enum ct_status ct_cells_init(struct ct_cells *cells)
{
	*cells = (struct ct_cells){0};
	ct_arena_init(&cells->arena);
	cells->seen = calloc(SEEN_BITS / 64, sizeof(*cells->seen));
	return cells->seen ? CT_OK : CT_ENOMEM;
}

void ct_cells_fini(struct ct_cells *cells)
{
	for (size_t i = 0; i < cells->write_count; i++)
		ct_vclock_fini(&cells->writes[i].clock);
	free(cells->writes);
	free(cells->seen);
	ct_map_fini(&cells->index);
	ct_arena_fini(&cells->arena);
}

/* Cells one after the other have bits one after the other. */
static size_t bit_of(uint64_t cell)
{
	return (size_t)(cell ^ cell >> 18 ^ cell >> 36) & (SEEN_BITS - 1);
}

bool ct_cells_seen(const struct ct_cells *cells, uint64_t cell)
{
	size_t bit = bit_of(cell);

	return cells->seen[bit / 64] >> bit % 64 & 1;
}

void ct_cells_see(struct ct_cells *cells, uint64_t cell)
{
	size_t bit = bit_of(cell);

	cells->seen[bit / 64] |= UINT64_C(1) << bit % 64;
}

struct ct_guarded_cell *ct_cells_find(const struct ct_cells *cells, uint64_t cell)
{
	uint64_t value = 0;

	ct_map_get(&cells->index, cell, &value);
	return (struct ct_guarded_cell *)(uintptr_t)value;
}

enum ct_status ct_cells_get(struct ct_cells *cells, uint64_t cell,
			    struct ct_guarded_cell **out_cell)
{
	struct ct_guarded_cell *found = ct_cells_find(cells, cell);

	*out_cell = found;
	if (found || ct_map_count(&cells->index) >= CT_GUARDED_CELLS)
		return CT_OK;
	found = ct_arena_alloc(&cells->arena, sizeof(*found));
	if (!found)
		return CT_ENOMEM;
	found->cell = cell;
	*out_cell = found;
	return ct_map_put(&cells->index, cell, (uintptr_t)found);
}

void ct_cells_wrote(struct ct_guarded_cell *cell, const struct ct_thread *thread, uint8_t bytes)
{
	for (unsigned i = 0; i < 8; i++)
		if (bytes >> i & 1)
			cell->writers[i] = thread->id + 1;
}

static bool same_holds(const struct ct_deed *a, const struct ct_deed *b)
{
	for (size_t i = 0; i < a->hold_count; i++)
		if (a->holds[i].object != b->holds[i].object ||
		    a->holds[i].mode != b->holds[i].mode)
			return false;
	return a->hold_count == b->hold_count;
}

/* The number + 1 of a write that may be used for a new one of the cell: its oldest, where it has as
 * many as it may have; 0: there is no room. */
static enum ct_status make_room(struct ct_cells *cells, struct ct_guarded_cell *cell,
				uint32_t *out_number)
{
	uint32_t *link = &cell->writes;
	enum ct_status status;

	for (unsigned i = 0; *link && (i + 1 < CT_WRITES_OF_CELL || cells->writes[*link - 1].next);
	     i++)
		link = &cells->writes[*link - 1].next;
	if (*link) {
		*out_number = *link;
		*link = 0;
		return CT_OK;
	}
	*out_number = cells->free_writes;
	if (*out_number) {
		cells->free_writes = cells->writes[*out_number - 1].next;
		return CT_OK;
	}
	if (cells->write_count == CT_LOCKED_WRITES)
		return CT_OK;
	status = ct_vec_grow(&cells->writes, &cells->write_cap, cells->write_count + 1,
			     sizeof(*cells->writes));
	if (status)
		return status;
	cells->writes[cells->write_count++] = (struct ct_locked_write){0};
	*out_number = (uint32_t)cells->write_count;
	return CT_OK;
}

/* Whether the new write stands for an earlier one, of the same thread under the same locks. For a
 * pair that is made later it does: if that one comes after the new write it comes after both. For
 * one that was made before it does if the thread has learnt nothing of others in between. */
static bool stands_for(const struct ct_guarded_cell *cell, const struct ct_locked_write *earlier,
		       const struct ct_deed *deed, const struct ct_vclock *clock)
{
	return earlier->deed.thread == deed->thread &&
	       earlier->deed.touch.bytes == deed->touch.bytes &&
	       (!cell->pairs || earlier->clock.others == clock->others) &&
	       same_holds(&earlier->deed, deed);
}

static void renew(struct ct_locked_write *write, const struct ct_deed *deed,
		  const struct ct_vclock *clock, uint64_t order)
{
	write->deed = *deed;
	write->order = order;
	write->clock.epoch = clock->epoch;
	if (write->clock.others != clock->others) {
		ct_vclock_fini(&write->clock);
		write->clock = ct_vclock_copy(clock);
	}
}

enum ct_status ct_cells_write(struct ct_cells *cells, struct ct_guarded_cell *cell,
			      const struct ct_deed *deed, const struct ct_vclock *clock,
			      uint64_t order)
{
	struct ct_locked_write *write;
	uint32_t number = 0;
	enum ct_status status;

	for (uint32_t i = cell->writes; i; i = cells->writes[i - 1].next) {
		write = &cells->writes[i - 1];
		if (stands_for(cell, write, deed, clock)) {
			renew(write, deed, clock, order);
			return CT_OK;
		}
	}
	status = make_room(cells, cell, &number);
	if (status || !number)
		return status;
	write = &cells->writes[number - 1];
	ct_vclock_fini(&write->clock);
	*write = (struct ct_locked_write){.deed = *deed,
					  .clock = ct_vclock_copy(clock),
					  .order = order,
					  .next = cell->writes};
	cell->writes = number;
	return CT_OK;
}

void ct_cells_end(struct ct_cells *cells, struct ct_guarded_cell *cell)
{
	while (cell->writes) {
		struct ct_locked_write *write = &cells->writes[cell->writes - 1];
		uint32_t next = write->next;

		write->next = cells->free_writes;
		cells->free_writes = cell->writes;
		cell->writes = next;
	}
	*cell = (struct ct_guarded_cell){.cell = cell->cell};
}

const struct ct_held_lock *ct_hold_of(const struct ct_held_lock *holds, size_t count,
				      const struct ct_object *lock)
{
	for (size_t i = 0; i < count; i++)
		if (holds[i].object == lock)
			return &holds[i];
	return NULL;
}

static bool is_under(const struct ct_locked_write *write, const struct ct_object *lock)
{
	const struct ct_held_lock *hold =
		ct_hold_of(write->deed.holds, write->deed.hold_count, lock);

	return hold && hold->mode == CT_MODE_EXCLUSIVE;
}

/* A lock that the pair's thread has all the way keeps the other one out. */
static bool is_kept_out(const struct ct_locked_write *write, const struct ct_pair *pair)
{
	for (size_t i = 0; i < pair->through_count; i++) {
		const struct ct_held_lock *through = &pair->through[i];
		const struct ct_held_lock *hold =
			ct_hold_of(write->deed.holds, write->deed.hold_count, through->object);

		if (hold && (hold->mode == CT_MODE_EXCLUSIVE || through->mode == CT_MODE_EXCLUSIVE))
			return true;
	}
	return false;
}

static bool may_come_between(const struct ct_locked_write *write, const struct ct_pair *pair)
{
	return write->deed.thread != pair->write.thread &&
	       write->deed.touch.bytes & pair->write.touch.bytes && is_under(write, pair->lock) &&
	       !is_kept_out(write, pair) && !ct_vclock_before(&write->clock, &pair->clock) &&
	       !ct_vclock_before(&pair->clock, &write->clock);
}

/* Whether one of the other things that the thread read again is written by others under the lock,
 * such as a version number: then it looked before it wrote. */
static bool looked_again(const struct ct_cells *cells, const struct ct_pair *pair)
{
	for (size_t i = 0; i < pair->other_count; i++) {
		const struct ct_touch *other = &pair->others[i];
		const struct ct_guarded_cell *cell = ct_cells_find(cells, other->cell);

		for (uint32_t n = cell ? cell->writes : 0; n; n = cells->writes[n - 1].next)
			if (cells->writes[n - 1].deed.thread != pair->write.thread &&
			    cells->writes[n - 1].deed.touch.bytes & other->bytes &&
			    is_under(&cells->writes[n - 1], pair->lock))
				return true;
	}
	return false;
}

const struct ct_deed *ct_cells_between(const struct ct_cells *cells,
				       const struct ct_guarded_cell *cell,
				       const struct ct_pair *pair, uint64_t read_order)
{
	for (uint32_t n = cell->writes; n; n = cells->writes[n - 1].next)
		if (cells->writes[n - 1].order > read_order &&
		    may_come_between(&cells->writes[n - 1], pair))
			return &cells->writes[n - 1].deed;
	return NULL;
}

const struct ct_deed *ct_cells_judge(const struct ct_cells *cells,
				     const struct ct_guarded_cell *cell, const struct ct_pair *pair)
{
	if (cell->handed_over & pair->write.touch.bytes || looked_again(cells, pair))
		return NULL;
	if (pair->came)
		return pair->came;
	for (uint32_t n = cell->writes; n; n = cells->writes[n - 1].next)
		if (may_come_between(&cells->writes[n - 1], pair))
			return &cells->writes[n - 1].deed;
	return NULL;
}
