#include "model/replay_run.h"

#include <stdlib.h>
#include <string.h>

#define NONE CT_REPLAY_NONE

static uint32_t thread_key(const struct ct_replay_run *run, uint32_t thread)
{
	return (uint32_t)run->replay->resource_count + thread;
}

static uint32_t outside_key(const struct ct_replay_run *run)
{
	return thread_key(run, (uint32_t)run->replay->model->thread_count);
}

enum ct_status ct_replay_run_new(const struct ct_replay *replay, struct ct_replay_run **out_run)
{
	struct ct_replay_run *run = calloc(1, sizeof(*run));
	size_t threads = replay->model->thread_count;

	if (!run)
		return CT_ENOMEM;
	run->replay = replay;
	run->stands = calloc(threads + 1, sizeof(*run->stands));
	run->heap = calloc(threads + 1, sizeof(*run->heap));
	run->stuck = calloc(threads + 1, sizeof(*run->stuck));
	run->values = calloc(replay->resource_count + threads + 1, sizeof(*run->values));
	run->schedule = calloc(replay->op_count + 1, sizeof(*run->schedule));
	run->below = calloc(replay->op_count + 1, sizeof(*run->below));
	if (!run->stands || !run->heap || !run->stuck || !run->values || !run->schedule ||
	    !run->below) {
		ct_replay_run_free(run);
		return CT_ENOMEM;
	}
	*out_run = run;
	return CT_OK;
}

void ct_replay_run_free(struct ct_replay_run *run)
{
	if (!run)
		return;
	free(run->stands);
	free(run->heap);
	free(run->stuck);
	free(run->values);
	free(run->schedule);
	free(run->below);
	free(run);
}

void ct_replay_begin(struct ct_replay_run *run)
{
	const struct ct_replay *replay = run->replay;
	size_t threads = replay->model->thread_count;

	for (size_t i = 0; i < threads; i++)
		run->stands[i] = (struct ct_replay_stand){
			.born = !replay->threads[i].created, .held = NONE, .asleep_next = NONE};
	for (size_t i = 0; i < replay->resource_count + threads + 1; i++)
		run->values[i] =
			(struct ct_replay_value){.owner = NONE, .writer = NONE, .asleep = NONE};
	for (size_t i = 0; i < replay->resource_count; i++)
		if (replay->resources[i].object &&
		    replay->resources[i].object->kind == CT_OBJECT_SEM)
			run->values[i].amount = replay->resources[i].size;
	run->done = run->heap_count = 0;
	run->outside = 0;
	run->work += (threads + replay->resource_count) / 8;
}

static uint32_t next_number(const struct ct_replay_run *run, uint32_t thread)
{
	const struct ct_replay_thread *of = &run->replay->threads[thread];
	size_t next = run->stands[thread].next;

	return next < of->count ? run->replay->order[of->first + next] : NONE;
}

const struct ct_replay_op *ct_replay_next(const struct ct_replay_run *run, uint32_t thread)
{
	uint32_t number = next_number(run, thread);

	return number == NONE ? NULL : &run->replay->ops[number];
}

uint32_t ct_replay_held_by(const struct ct_replay_run *run, uint32_t thread, uint32_t resource)
{
	uint32_t op = run->stands[thread].held;

	while (op != NONE) {
		const struct ct_replay_op *lock = &run->replay->ops[op];

		if ((lock->mutex == NONE ? lock->resource : lock->mutex) == resource)
			break;
		op = run->below[op];
	}
	return op;
}

static bool is_over(const struct ct_replay_run *run, uint32_t thread)
{
	return run->stands[thread].born && next_number(run, thread) == NONE;
}

static enum ct_replay_look look_lock(const struct ct_replay_value *lock,
				     const struct ct_replay_op *op)
{
	if (lock->owner == NONE && !(op->exclusive && lock->readers))
		return CT_LOOK_GO;
	return op->limited ? CT_LOOK_OFF : CT_LOOK_OWNED;
}

static enum ct_replay_look waits(const struct ct_replay_op *op, bool possible)
{
	if (possible)
		return CT_LOOK_GO;
	return op->limited ? CT_LOOK_OFF : CT_LOOK_HELP;
}

static enum ct_replay_look look_wake(const struct ct_replay_run *run, const struct ct_replay_op *op)
{
	const struct ct_replay_stand *stand = &run->stands[op->thread];

	if (stand->parked == CT_PARKED && !stand->deaf)
		return waits(op, false);
	/* the mutex is waited for without a limit */
	return look_lock(&run->values[op->mutex],
			 &(struct ct_replay_op){.exclusive = true, .limited = false});
}

static enum ct_replay_look look_pipe(const struct ct_replay_run *run, const struct ct_replay_op *op)
{
	const struct ct_replay_value *pipe = &run->values[op->resource];

	if (op->deed == CT_REPLAY_PUT)
		return waits(op, pipe->amount + op->amount <=
					 run->replay->resources[op->resource].size);
	/* fewer bytes, or others, would be another thing to have read */
	if (!pipe->amount)
		return waits(op, false);
	return !pipe->mixed && pipe->gets == op->turn && pipe->amount >= op->amount ? CT_LOOK_GO
										    : CT_LOOK_OFF;
}

static bool failed(const struct ct_replay_run *run, const struct ct_replay_op *op)
{
	if (op->other == NONE)
		return run->values[op->resource].amount == 0;
	return ct_replay_held_by(run, op->other, op->resource) != NONE;
}

static enum ct_replay_look look(const struct ct_replay_run *run, const struct ct_replay_op *op)
{
	const struct ct_replay_value *value =
		&run->values[op->resource == NONE ? outside_key(run) : op->resource];

	switch (op->deed) {
	case CT_REPLAY_READ:
		return value->writer == op->source ? CT_LOOK_GO : CT_LOOK_OFF;
	case CT_REPLAY_LOCK:
		return look_lock(value, op);
	case CT_REPLAY_FAIL:
		return failed(run, op) ? CT_LOOK_GO : CT_LOOK_OFF;
	case CT_REPLAY_WAKE:
		return look_wake(run, op);
	case CT_REPLAY_TAKE:
		return waits(op, value->amount > 0);
	case CT_REPLAY_LEAVE:
		return waits(op, value->amount >= run->stands[op->thread].round);
	case CT_REPLAY_PUT:
	case CT_REPLAY_GET:
		return look_pipe(run, op);
	case CT_REPLAY_JOIN:
		if (is_over(run, op->other))
			return CT_LOOK_GO;
		return op->limited ? CT_LOOK_OFF : CT_LOOK_OWNED;
	case CT_REPLAY_OUTSIDE:
		return op->turn == run->outside ? CT_LOOK_GO : CT_LOOK_OFF;
	default:
		return CT_LOOK_GO;
	}
}

enum ct_replay_look ct_replay_look(const struct ct_replay_run *run, uint32_t thread)
{
	const struct ct_replay_op *op = ct_replay_next(run, thread);

	if (!run->stands[thread].born)
		return CT_LOOK_UNBORN;
	return op ? look(run, op) : CT_LOOK_OVER;
}

uint32_t ct_replay_wanted(const struct ct_replay_run *run, const struct ct_replay_op *op)
{
	const struct ct_replay_stand *stand = &run->stands[op->thread];

	if (op->deed == CT_REPLAY_WAKE && (stand->parked == CT_SIGNALLED || stand->deaf))
		return op->mutex;
	return op->resource;
}

/* Whose change may let the thread go on. */
static uint32_t sleeps_on(const struct ct_replay_run *run, uint32_t thread,
			  const struct ct_replay_op *op)
{
	if (!run->stands[thread].born)
		return thread_key(run, thread);
	if (op->deed == CT_REPLAY_JOIN)
		return thread_key(run, op->other);
	if (op->deed == CT_REPLAY_OUTSIDE)
		return outside_key(run);
	return ct_replay_wanted(run, op);
}

/* The heap: by the number of the thread's next op. */
static void push(struct ct_replay_run *run, uint32_t thread)
{
	uint32_t number = next_number(run, thread);
	size_t at;

	if (run->stands[thread].ready || number == NONE ||
	    (run->goals && number >= run->goals[thread]))
		return;
	run->stands[thread].ready = true;
	for (at = run->heap_count++; at; at = (at - 1) / 2) {
		uint32_t parent = run->heap[(at - 1) / 2];

		if (next_number(run, parent) <= number)
			break;
		run->heap[at] = parent;
	}
	run->heap[at] = thread;
}

static uint32_t pop(struct ct_replay_run *run)
{
	uint32_t first = run->heap[0], last = run->heap[--run->heap_count];
	uint32_t number = run->heap_count ? next_number(run, last) : NONE;
	size_t at = 0;

	while (2 * at + 1 < run->heap_count) {
		size_t child = 2 * at + 1;

		if (child + 1 < run->heap_count &&
		    next_number(run, run->heap[child + 1]) < next_number(run, run->heap[child]))
			child++;
		if (number <= next_number(run, run->heap[child]))
			break;
		run->heap[at] = run->heap[child];
		at = child;
	}
	run->heap[at] = last;
	run->stands[first].ready = false;
	return first;
}

static void wake_sleepers(struct ct_replay_run *run, uint32_t key)
{
	uint32_t thread = run->values[key].asleep;

	run->values[key].asleep = NONE;
	while (thread != NONE) {
		uint32_t next = run->stands[thread].asleep_next;

		run->stands[thread].asleep_next = NONE;
		push(run, thread);
		thread = next;
	}
}

static void hold(struct ct_replay_run *run, const struct ct_replay_op *op, uint32_t lock,
		 bool exclusive)
{
	uint32_t number = (uint32_t)(op - run->replay->ops);

	if (exclusive)
		run->values[lock].owner = op->thread;
	else
		run->values[lock].readers++;
	run->below[number] = run->stands[op->thread].held;
	run->stands[op->thread].held = number;
}

static void let_go(struct ct_replay_run *run, uint32_t thread, uint32_t lock)
{
	uint32_t held = ct_replay_held_by(run, thread, lock);
	uint32_t *link = &run->stands[thread].held;

	if (held == NONE)
		return;
	while (*link != held)
		link = &run->below[*link];
	*link = run->below[held];
	if (run->values[lock].owner == thread)
		run->values[lock].owner = NONE;
	else
		run->values[lock].readers--;
	wake_sleepers(run, lock);
}

static void park(struct ct_replay_run *run, const struct ct_replay_op *op)
{
	struct ct_replay_stand *stand = &run->stands[op->thread];
	const struct ct_replay_op *wake;

	let_go(run, op->thread, op->mutex);
	stand->parked = CT_PARKED;
	stand->parked_on = op->resource;
	stand->parked_at = (uint32_t)run->done;
	stand->next++;
	wake = ct_replay_next(run, op->thread);
	stand->deaf = wake && wake->deed == CT_REPLAY_WAKE && wake->source == NONE;
	stand->next--;
}

static bool hears(const struct ct_replay_run *run, uint32_t thread, uint32_t cond)
{
	const struct ct_replay_stand *stand = &run->stands[thread];

	return stand->parked == CT_PARKED && stand->parked_on == cond && !stand->deaf;
}

static uint32_t longest_waiting(const struct ct_replay_run *run, uint32_t cond)
{
	uint32_t first = NONE;

	for (uint32_t i = 0; i < run->replay->model->thread_count; i++)
		if (hears(run, i, cond) &&
		    (first == NONE || run->stands[i].parked_at < run->stands[first].parked_at))
			first = i;
	return first;
}

/* Wakes whom it woke in the record, else whoever waits longest. */
static void signal_one(struct ct_replay_run *run, const struct ct_replay_op *op)
{
	uint32_t thread = op->other;

	if (thread == NONE || !hears(run, thread, op->resource))
		thread = longest_waiting(run, op->resource);
	if (thread != NONE)
		run->stands[thread].parked = CT_SIGNALLED;
}

static void signal_all(struct ct_replay_run *run, const struct ct_replay_op *op)
{
	for (uint32_t i = 0; i < run->replay->model->thread_count; i++)
		if (hears(run, i, op->resource))
			run->stands[i].parked = CT_SIGNALLED;
}

static void arrive(struct ct_replay_run *run, const struct ct_replay_op *op)
{
	uint64_t size = run->replay->resources[op->resource].size;
	uint64_t arrived = ++run->values[op->resource].amount;

	run->stands[op->thread].round = (arrived + size - 1) / size * size;
}

static void move_bytes(struct ct_replay_run *run, const struct ct_replay_op *op)
{
	struct ct_replay_value *pipe = &run->values[op->resource];

	if (op->deed == CT_REPLAY_PUT) {
		pipe->amount += op->amount;
		pipe->mixed |= pipe->puts++ != op->turn;
	} else {
		pipe->amount -= op->amount;
		pipe->gets++;
	}
}

/* What the op changes; who waits for such a change is woken by do_op. */
static void change(struct ct_replay_run *run, const struct ct_replay_op *op)
{
	switch (op->deed) {
	case CT_REPLAY_WRITE:
		run->values[op->resource].writer = (uint32_t)(op - run->replay->ops);
		break;
	case CT_REPLAY_LOCK:
		hold(run, op, op->resource, op->exclusive);
		break;
	case CT_REPLAY_UNLOCK:
		let_go(run, op->thread, op->resource);
		break;
	case CT_REPLAY_PARK:
		park(run, op);
		break;
	case CT_REPLAY_WAKE:
		run->stands[op->thread].parked = CT_NOT_PARKED;
		hold(run, op, op->mutex, true);
		wake_sleepers(run, op->mutex);
		break;
	case CT_REPLAY_SIGNAL:
		signal_one(run, op);
		break;
	case CT_REPLAY_BROADCAST:
		signal_all(run, op);
		break;
	case CT_REPLAY_POST:
		run->values[op->resource].amount++;
		break;
	case CT_REPLAY_TAKE:
		run->values[op->resource].amount--;
		break;
	case CT_REPLAY_ARRIVE:
		arrive(run, op);
		break;
	case CT_REPLAY_PUT:
	case CT_REPLAY_GET:
		move_bytes(run, op);
		break;
	case CT_REPLAY_CREATE:
		run->stands[op->other].born = true;
		wake_sleepers(run, thread_key(run, op->other));
		break;
	case CT_REPLAY_OUTSIDE:
		run->outside++;
		wake_sleepers(run, outside_key(run));
		break;
	default:
		break;
	}
}

static void do_op(struct ct_replay_run *run, const struct ct_replay_op *op)
{
	run->schedule[run->done] = (uint32_t)(op - run->replay->ops);
	change(run, op);
	run->done++;
	run->stands[op->thread].next++;
	if (op->resource != NONE)
		wake_sleepers(run, op->resource);
	if (is_over(run, op->thread))
		wake_sleepers(run, thread_key(run, op->thread));
	push(run, op->thread);
}

static void fall_asleep(struct ct_replay_run *run, uint32_t thread, const struct ct_replay_op *op)
{
	uint32_t key = sleeps_on(run, thread, op);

	run->stands[thread].asleep_next = run->values[key].asleep;
	run->values[key].asleep = thread;
}

void ct_replay_go(struct ct_replay_run *run, const uint32_t *goals)
{
	size_t threads = run->replay->model->thread_count;

	run->goals = goals;
	for (size_t i = 0; i < run->replay->resource_count + threads + 1; i++)
		run->values[i].asleep = NONE;
	for (uint32_t i = 0; i < threads; i++) {
		run->stands[i].asleep_next = NONE;
		push(run, i);
	}
	while (run->heap_count) {
		uint32_t thread = pop(run);
		const struct ct_replay_op *op = ct_replay_next(run, thread);

		run->work++;
		if (ct_replay_look(run, thread) == CT_LOOK_GO)
			do_op(run, op);
		else
			fall_asleep(run, thread, op);
	}
}
