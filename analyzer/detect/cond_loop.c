#include "detect/cond_loop.h"

#include <stdlib.h>

#include "base/vec.h"
#include "model/access.h"
#include "model/holders.h"

enum ct_status ct_cond_loops_init(struct ct_cond_loops *loops, const struct ct_model *model)
{
	*loops = (struct ct_cond_loops){.thread_count = model->thread_count};
	ct_map_init(&loops->awaited);
	loops->places.trace = model->trace;
	ct_arena_init(&loops->places.arena);
	ct_names_init(&loops->places.names, &loops->places.arena);
	ct_map_init(&loops->places.known);
	loops->threads = calloc(model->thread_count + 1, sizeof(struct ct_loop_thread *));
	return loops->threads ? CT_OK : CT_ENOMEM;
}

void ct_cond_loops_fini(struct ct_cond_loops *loops)
{
	for (size_t i = 0; loops->threads && i < loops->thread_count; i++)
		free(loops->threads[i]);
	free(loops->threads);
	free(loops->cells);
	ct_map_fini(&loops->awaited);
	ct_symbols_free(loops->places.symbols);
	ct_names_fini(&loops->places.names);
	ct_map_fini(&loops->places.known);
	ct_arena_fini(&loops->places.arena);
}

static bool overlap(const struct ct_test *a, const struct ct_test *b)
{
	return a->location < b->location + b->size && b->location < a->location + a->size;
}

/* Number of the place, 0 unknown: two stacks of one number are in one statement. */
static enum ct_status place_of(struct ct_cond_loops *loops, const struct ct_thread *thread,
			       uint32_t stack, uint32_t *out_number)
{
	*out_number = 0;
	return stack ? ct_places_number(&loops->places, thread->process->number, stack, out_number)
		     : CT_OK;
}

static struct ct_test test_of(const struct ct_step *step, const struct ct_access *access,
			      bool writes)
{
	uint64_t first = access->location, size = access->size;

	if (access->count > 1 && access->stride > 0)
		size += (uint64_t)(access->count - 1) * (uint32_t)access->stride;
	else if (access->count > 1) {
		uint64_t back = (access->count - 1) * (uint64_t)(-(int64_t)access->stride);

		first -= back < first ? back : first;
		size += access->location - first;
	}
	return (struct ct_test){.thread = step->thread,
				.location = first,
				.size = size < UINT32_MAX ? (uint32_t)size : UINT32_MAX,
				.time = step->record->time,
				.stack = access->stack,
				.writes = writes};
}

static struct ct_awaited *find_cell(const struct ct_cond_loops *loops, uint64_t location)
{
	uint64_t at;

	return ct_map_get(&loops->awaited, location / 8, &at) ? &loops->cells[at] : NULL;
}

static enum ct_status await_cell(struct ct_cond_loops *loops, uint64_t location)
{
	enum ct_status status;

	if (loops->cell_count == CT_AWAITED_CELLS || find_cell(loops, location))
		return CT_OK;
	status = ct_vec_grow(&loops->cells, &loops->cell_cap, loops->cell_count + 1,
			     sizeof(*loops->cells));
	if (status == CT_OK)
		status = ct_map_put(&loops->awaited, location / 8, loops->cell_count);
	if (status == CT_OK)
		loops->cells[loops->cell_count++] = (struct ct_awaited){0};
	return status;
}

/* Who did the same to it after the signal and before the thread was back, or NULL. */
static enum ct_status find_between(struct ct_cond_loops *loops, const struct ct_cond_wait *wait,
				   const struct ct_test *act, const struct ct_test **out_between)
{
	const struct ct_awaited *cell = find_cell(loops, act->location);
	uint32_t place, waits, other;
	enum ct_status status = place_of(loops, act->thread, act->stack, &place);

	*out_between = NULL;
	if (status == CT_OK)
		status = place_of(loops, act->thread, wait->stack, &waits);
	/* of a loop that is all in one line, nobody knows which part a place is */
	if (status || !cell || !place || place == waits)
		return status;
	for (size_t i = 0; i < CT_WRITES_KEPT; i++) {
		const struct ct_test *write = &cell->writes[i];

		if (!write->size || write->thread == act->thread || !overlap(write, act) ||
		    write->time < wait->signal.time || write->time >= wait->returned)
			continue;
		status = place_of(loops, write->thread, write->stack, &other);
		if (status)
			return status;
		if (other == place)
			*out_between = write;
	}
	return CT_OK;
}

/* Whether the read is the test again, as in a loop; if that is not known, it is. */
static enum ct_status is_same_test(struct ct_cond_loops *loops, const struct ct_test *a,
				   const struct ct_test *b, bool *out_same)
{
	uint32_t first = 0, second = 0;
	enum ct_status status = CT_OK;

	if (a->stack != b->stack)
		status = place_of(loops, a->thread, a->stack, &first);
	if (status == CT_OK && a->stack != b->stack)
		status = place_of(loops, b->thread, b->stack, &second);
	*out_same = a->stack == b->stack || !first || !second || first == second;
	return status;
}

static const struct ct_test *tested(const struct ct_cond_wait *wait, const struct ct_test *touch)
{
	for (size_t i = 0; i < wait->test_count; i++)
		if (overlap(&wait->tests[i], touch))
			return &wait->tests[i];
	return NULL;
}

/* A look at what was tested. One that is part of the statement which changes it decides nothing. */
static enum ct_status looks(struct ct_cond_loops *loops, struct ct_loop_thread *self,
			    const struct ct_test *touch)
{
	struct ct_cond_wait *wait = &self->wait;
	enum ct_status status = CT_OK;
	bool same = self->again.size != 0;

	for (size_t i = 0; !status && !same && i < wait->test_count; i++)
		if (overlap(&wait->tests[i], touch))
			status = is_same_test(loops, &wait->tests[i], touch, &same);
	if (same)
		wait->cond = NULL;
	self->again = *touch;
	return status;
}

static enum ct_status changes(struct ct_cond_loops *loops, struct ct_loop_thread *self,
			      const struct ct_test *touch, struct ct_stale_act *out_act,
			      bool *out_found)
{
	const struct ct_test *between = NULL;
	enum ct_status status;
	bool same = false;

	if (!self->again.size || !overlap(&self->again, touch) || !self->again.stack ||
	    !touch->stack)
		return CT_OK;
	status = is_same_test(loops, &self->again, touch, &same);
	if (status == CT_OK && same)
		status = find_between(loops, &self->wait, touch, &between);
	if (status || !between)
		return status;
	*out_found = true;
	*out_act = (struct ct_stale_act){.wait = &self->wait,
					 .test = *tested(&self->wait, touch),
					 .act = *touch,
					 .between = *between};
	return CT_OK;
}

/* An access by a thread that has returned from a wait, and still has the mutex. */
static enum ct_status touch_after(struct ct_cond_loops *loops, struct ct_loop_thread *self,
				  const struct ct_test *touch, struct ct_stale_act *out_act,
				  bool *out_found)
{
	enum ct_status status;

	if (!tested(&self->wait, touch))
		return CT_OK;
	if (!touch->writes)
		return looks(loops, self, touch);
	status = changes(loops, self, touch, out_act, out_found);
	if (!*out_found)
		self->wait.cond = NULL;
	return status;
}

static enum ct_status touch_all(struct ct_cond_loops *loops, const struct ct_step *step,
				struct ct_stale_act *out_act, bool *out_found)
{
	struct ct_loop_thread *self = loops->threads[step->thread->id];
	enum ct_status status = CT_OK;

	if (!self)
		self = loops->threads[step->thread->id] = calloc(1, sizeof(*self));
	if (!self)
		return CT_ENOMEM;
	for (size_t i = 0; !status && !*out_found && i < step->access_count; i++) {
		const struct ct_access *access = &step->accesses[i];
		struct ct_test touch = test_of(step, access, access->kind & CT_ACCESS_WRITE);
		struct ct_awaited *cell = touch.writes ? find_cell(loops, touch.location) : NULL;

		if (cell)
			cell->writes[cell->next++ % CT_WRITES_KEPT] = touch;
		self->recent[self->recent_count++ % CT_TESTS_KEPT] = touch;
		if (self->wait.cond && self->wait.returned)
			status = touch_after(loops, self, &touch, out_act, out_found);
	}
	return status;
}

static bool wrote(const struct ct_loop_thread *self, const struct ct_test *test, uint64_t since)
{
	for (size_t i = 0; i < CT_TESTS_KEPT; i++) {
		const struct ct_test *other = &self->recent[i];

		if (other->size && other->writes && other->time >= since && overlap(other, test))
			return true;
	}
	return false;
}

/* What the thread read, and did not write itself, since it took the mutex. */
static enum ct_status list_tests(struct ct_cond_loops *loops, struct ct_loop_thread *self,
				 uint64_t since)
{
	struct ct_cond_wait *wait = &self->wait;
	size_t oldest = self->recent_count % CT_TESTS_KEPT;
	enum ct_status status = CT_OK;

	if (self->recent_count >= CT_TESTS_KEPT && self->recent[oldest].time >= since)
		return CT_OK;
	for (size_t i = 0; !status && i < CT_TESTS_KEPT; i++) {
		const struct ct_test *test = &self->recent[i];

		if (!test->size || test->size > 8 || test->writes || test->time < since ||
		    test->location / 8 != (test->location + test->size - 1) / 8 ||
		    wrote(self, test, since))
			continue;
		wait->tests[wait->test_count++] = *test;
		status = await_cell(loops, test->location);
	}
	return status;
}

static enum ct_status begins(struct ct_cond_loops *loops, struct ct_loop_thread *self,
			     const struct ct_step *step)
{
	const struct ct_held_lock *hold = ct_held_by(step->thread, step->mutex);

	self->wait =
		(struct ct_cond_wait){.since = step->record->time, .stack = step->record->stack};
	if (!hold || hold->depth != 1 || !step->object)
		return CT_OK;
	self->wait.cond = step->object;
	self->wait.mutex = step->mutex;
	return list_tests(loops, self, hold->since);
}

/* Only who was signalled is looked at: what the signal meant is what may have changed again. */
static void returns(struct ct_loop_thread *self, const struct ct_step *step)
{
	struct ct_cond_wait *wait = &self->wait;

	if (!wait->cond || wait->cond != step->object || wait->mutex != step->mutex)
		return;
	wait->signal = ct_traffic_of(wait->cond)->given;
	wait->returned = step->record->time;
	self->again.size = 0;
	if (!wait->test_count || step->record->flags & CT_F_TIMED_OUT || !wait->signal.thread ||
	    wait->signal.time <= wait->since)
		wait->cond = NULL;
}

enum ct_status ct_cond_loops_step(struct ct_cond_loops *loops, const struct ct_step *step,
				  bool *out_found, struct ct_stale_act *out_act)
{
	struct ct_loop_thread *self;
	enum ct_status status = CT_OK;

	*out_found = false;
	if (step->access_count && step->thread->held_count)
		status = touch_all(loops, step, out_act, out_found);
	self = loops->threads[step->thread->id];
	if (status || !self || *out_found)
		return status;
	switch (step->effect) {
	case CT_EFFECT_WAIT:
		if (step->request)
			return begins(loops, self, step);
		returns(self, step);
		break;
	case CT_EFFECT_RELEASE:
	case CT_EFFECT_FAILURE:
		if (step->effect == CT_EFFECT_FAILURE || step->object == self->wait.mutex)
			self->wait.cond = NULL;
		break;
	case CT_EFFECT_ACCESSES_SKIPPED:
	case CT_EFFECT_IGNORE_BEGIN:
		self->unknown = true;
		break;
	default:
		break;
	}
	return CT_OK;
}
