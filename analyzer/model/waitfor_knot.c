#include "model/waitfor.h"

#include <stdlib.h>

#include "model/helpers.h"
#include "model/one_process.h"
#include "model/signals.h"
#include "model/state.h"
#include "model/traffic.h"

/*
 * The knot: from all threads that wait without limit, drop one after the other who could still be
 * freed; the rest is stuck (D0). The wait for a lock or a join goes on while any of those it needs
 * is stuck, one for a signal while all that could send it are.
 */

struct knot {
	struct ct_waitfor *waitfor;
	bool *stuck;	  /* by thread id */
	bool others_live; /* somebody who is not stuck */
	bool running;	  /* the same, or may */
	bool signals;	  /* handled signals may come, also those that nobody is known to send */
	enum ct_opening *opening; /* by thread id: what may end its wait */
	bool *used;		  /* by thread id: part of a cycle that was found */
	const struct ct_waitfor_edge **reached_by; /* by thread id, in one search */
	const struct ct_thread **queue;
};

static bool is_stuck(const struct knot *knot, const struct ct_thread *thread)
{
	return knot->stuck[thread->id];
}

/* A process ends when any of its threads ends it. */
static bool process_is_stuck(const struct knot *knot, const struct ct_process *process)
{
	bool any = false;

	for (size_t i = 0; i < process->thread_count; i++) {
		if (is_stuck(knot, process->threads[i]))
			any = true;
		else if (ct_thread_lives(process->threads[i]))
			return false;
	}
	return any && !process->exited;
}

static bool edge_is_stuck(const struct knot *knot, const struct ct_waitfor_edge *edge)
{
	if (edge->why == CT_WAITFOR_NOBODY || edge->why == CT_WAITFOR_OUTSIDE)
		return false;
	if (edge->why == CT_WAITFOR_ORPHAN)
		return true;
	return edge->to ? is_stuck(knot, edge->to) : process_is_stuck(knot, edge->process);
}

static bool descends_from(const struct ct_process *process, const struct ct_process *ancestor)
{
	while (process && process != ancestor)
		process = process->parent;
	return process;
}

/* Whether the process may get children whose parents have ended: a subreaper does, prctl(2). */
static bool may_adopt(const struct ct_model *model, const struct ct_process *process)
{
	for (size_t i = 0; i < model->process_count; i++) {
		const struct ct_process *orphan = model->processes[i], *parent = orphan->parent;

		if (!descends_from(orphan, process) || orphan == process)
			continue;
		if (orphan->exited ? ct_process_state(orphan)->unknown_children > 0
				   : parent != process && parent->exited)
			return true;
	}
	return false;
}

/* Whether a wait for any child may be ended by one that is unknown, is adopted, or that is yet to
 * be forked. */
static bool may_have_other_children(const struct knot *knot, const struct ct_thread *thread)
{
	const struct ct_process *process = thread->process;

	if (thread->wait.process)
		return false;
	if (ct_process_state(process)->unknown_children)
		return true;
	return thread->wait.event != CT_EV_SYSTEM &&
	       (!process_is_stuck(knot, process) || may_adopt(knot->waitfor->model, process));
}

/* A signal that is caught ends the wait as well, if somebody is left who may send it. */
static bool may_be_interrupted(const struct knot *knot, const struct ct_thread *thread)
{
	return knot->running && ct_process_state(thread->process)->handled;
}

/* A handler may do what ends the wait. */
static bool may_be_served(const struct knot *knot, const struct ct_thread *thread)
{
	return (knot->running || knot->signals) && knot->opening[thread->id] == CT_WAIT_SIGNALLED;
}

/* No edge of the wait leads to somebody who can go on (`all`), or at least one does not. */
static bool edges_stuck(const struct knot *knot, const struct ct_thread *thread, bool all)
{
	size_t count;
	const struct ct_waitfor_edge *edges = ct_waitfor_of(knot->waitfor, thread, &count);

	for (size_t i = 0; i < count; i++)
		if (edge_is_stuck(knot, &edges[i]) != all)
			return !all;
	return all && count > 0;
}

static bool nobody_can_help(const struct knot *knot, const struct ct_thread *thread)
{
	const struct ct_model *model = knot->waitfor->model;

	for (size_t i = 0; i < model->thread_count; i++)
		if (ct_can_help(model, thread, model->threads[i]) &&
		    !is_stuck(knot, model->threads[i]))
			return false;
	return true;
}

/* The mutex of a condition wait is held by one who is stuck: signals do not help. */
static bool mutex_is_stuck(const struct knot *knot, const struct ct_thread *thread)
{
	size_t count;
	const struct ct_waitfor_edge *edges = ct_waitfor_of(knot->waitfor, thread, &count);

	for (size_t i = 0; i < count; i++)
		if (edges[i].why == CT_WAITFOR_HOLDS && edge_is_stuck(knot, &edges[i]))
			return true;
	return false;
}

/* The end of file, or EPIPE, comes when nobody has the other end. */
static bool end_is_open(const struct knot *knot, const struct ct_wait *wait)
{
	return !ct_waits_at_end(knot->waitfor->model, wait) ||
	       wait->object->kind == CT_OBJECT_EVENTFD ||
	       ct_end_is_open(knot->waitfor->model, wait->object, ct_helping_end(wait->kind));
}

/* A lock that was given back by somebody who did not hold it may be so again: then it is not only
 * its holder who can end the wait. */
static bool only_holder_unlocks(const struct knot *knot, const struct ct_thread *thread)
{
	const struct ct_object_state *object = ct_object_state(thread->wait.object);

	return !object || !object->handed_on || nobody_can_help(knot, thread);
}

static bool is_unlocked_in_vain(const struct knot *knot, const struct ct_thread *thread)
{
	return ct_gift_in_vain(knot->waitfor->model, thread) && nobody_can_help(knot, thread);
}

/* One lock that stays is enough, and any of those who have it may give it back. */
static bool file_lock_is_stuck(const struct knot *knot, const struct ct_thread *thread)
{
	size_t count, end;
	const struct ct_waitfor_edge *edges = ct_waitfor_of(knot->waitfor, thread, &count);

	for (size_t i = 0; i < count; i = end) {
		bool stuck = edges[i].file_lock != 0;

		for (end = i; end < count && edges[end].file_lock == edges[i].file_lock; end++)
			stuck = stuck && edge_is_stuck(knot, &edges[end]);
		if (stuck)
			return true;
	}
	return false;
}

/* Neither a handler, nor what was done already, nor another thread ends the wait. */
static bool nobody_wakes(const struct knot *knot, const struct ct_thread *thread)
{
	return !may_be_served(knot, thread) && !ct_traffic_may_wake(knot->waitfor->model, thread) &&
	       nobody_can_help(knot, thread);
}

/* Some waiter keeps the object in use. One that is woken leaves it before it has its mutex again:
 * who holds that one does not count. */
static bool is_in_use(const struct knot *knot, const struct ct_thread *thread)
{
	size_t count;
	const struct ct_waitfor_edge *edges = ct_waitfor_of(knot->waitfor, thread, &count);

	for (size_t i = 0; i < count; i++)
		if (edges[i].to && is_stuck(knot, edges[i].to) && nobody_wakes(knot, edges[i].to))
			return true;
	return false;
}

static bool stays(const struct knot *knot, const struct ct_thread *thread)
{
	switch (thread->wait.kind) {
	case CT_WAIT_NONE:
		return false;
	case CT_WAIT_LOCK:
		return is_unlocked_in_vain(knot, thread) ||
		       (edges_stuck(knot, thread, false) && only_holder_unlocks(knot, thread));
	case CT_WAIT_JOIN:
	case CT_WAIT_ONCE:
		return edges_stuck(knot, thread, false);
	case CT_WAIT_CHILD:
		return !may_have_other_children(knot, thread) &&
		       !may_be_interrupted(knot, thread) && edges_stuck(knot, thread, true);
	case CT_WAIT_FILE_LOCK:
		return !may_be_interrupted(knot, thread) && file_lock_is_stuck(knot, thread);
	case CT_WAIT_NAMED:
		return edges_stuck(knot, thread, true);
	case CT_WAIT_COND:
		return mutex_is_stuck(knot, thread) || nobody_wakes(knot, thread);
	case CT_WAIT_SEM:
	case CT_WAIT_BARRIER:
	case CT_WAIT_READ:
	case CT_WAIT_WRITE:
		return end_is_open(knot, &thread->wait) && nobody_wakes(knot, thread);
	case CT_WAIT_DESTROY:
		return is_in_use(knot, thread);
	default: /* open: see ct_wait_is_open */
		return false;
	}
}

/* Whether the thread waits for what somebody owns: no handler ends that, it can only leave it, by
 * siglongjmp or by ending the process. */
static bool waits_for_owner(const struct ct_thread *thread)
{
	switch (thread->wait.kind) {
	case CT_WAIT_LOCK:
	case CT_WAIT_ONCE:
	case CT_WAIT_JOIN:
	case CT_WAIT_CHILD:
		return true;
	default:
		return false;
	}
}

static bool timer_may_end(const struct knot *knot, const struct ct_thread *thread)
{
	switch (ct_timer_of(knot->waitfor->model, thread->process)) {
	case CT_TIMER_NONE:
		return false;
	case CT_TIMER_REPEATS:
		return knot->signals || !waits_for_owner(thread);
	case CT_TIMER_ONCE:
		break;
	}
	return true;
}

/* Whether no time limit, signal handler, timer or other program can end the wait. */
static bool lasts(const struct knot *knot, const struct ct_thread *thread)
{
	const struct ct_wait *wait = &thread->wait;
	const struct ct_thread_state *state = ct_thread_state(thread);

	return wait->kind != CT_WAIT_NONE && !wait->timed && !thread->exited && !state->cancelled &&
	       state->handler_time <= wait->since && knot->opening[thread->id] != CT_WAIT_OPEN &&
	       !timer_may_end(knot, thread);
}

static void note_running(struct knot *knot, const struct ct_thread *thread)
{
	if (!is_stuck(knot, thread) && ct_thread_lives(thread))
		knot->others_live = knot->running = true;
}

static void reduce(struct knot *knot, bool signals)
{
	const struct ct_model *model = knot->waitfor->model;
	bool changed = true;

	knot->signals = signals;
	knot->others_live = false;
	knot->running = !ct_all_are_known(model);
	for (size_t i = 0; i < model->thread_count; i++) {
		knot->stuck[i] = lasts(knot, model->threads[i]);
		note_running(knot, model->threads[i]);
	}
	while (changed) {
		changed = false;
		for (size_t i = 0; i < model->thread_count; i++) {
			if (!knot->stuck[i] || stays(knot, model->threads[i]))
				continue;
			knot->stuck[i] = false;
			note_running(knot, model->threads[i]);
			changed = true;
		}
	}
}

struct search {
	struct knot *knot;
	const struct ct_thread *from;
	size_t queued;
	const struct ct_waitfor_edge *last; /* the edge that closes the cycle */
};

static void reach(struct search *search, const struct ct_thread *thread,
		  const struct ct_waitfor_edge *edge)
{
	struct knot *knot = search->knot;

	if (search->last || !is_stuck(knot, thread) || knot->used[thread->id])
		return;
	if (thread == search->from) {
		search->last = edge;
		return;
	}
	if (knot->reached_by[thread->id])
		return;
	knot->reached_by[thread->id] = edge;
	knot->queue[search->queued++] = thread;
}

static void follow(struct search *search, const struct ct_waitfor_edge *edge)
{
	if (!ct_waitfor_is_owner(edge->why))
		return;
	if (edge->to)
		reach(search, edge->to, edge);
	for (size_t i = 0; edge->process && i < edge->process->thread_count; i++)
		reach(search, edge->process->threads[i], edge);
}

static enum ct_status keep_cycle(struct search *search)
{
	struct ct_waitfor *waitfor = search->knot->waitfor;
	const struct ct_waitfor_edge *edge = search->last;
	struct ct_waitfor_cycle cycle = {.length = 1};

	for (; edge->from != search->from; edge = search->knot->reached_by[edge->from->id])
		cycle.length++;
	cycle.edges =
		ct_arena_calloc(&waitfor->arena, cycle.length, sizeof(struct ct_waitfor_edge *));
	if (!cycle.edges)
		return CT_ENOMEM;
	edge = search->last;
	for (size_t i = cycle.length; i-- > 0;) {
		cycle.edges[i] = edge;
		((struct ct_waitfor_edge *)edge)->in_cycle = true;
		search->knot->used[edge->from->id] = true;
		edge = search->knot->reached_by[edge->from->id];
	}
	waitfor->cycles[waitfor->cycle_count++] = cycle;
	return CT_OK;
}

/* The shortest ownership cycle through a thread, by breadth-first search. */
static enum ct_status find_cycle(struct knot *knot, const struct ct_thread *from)
{
	struct search search = {.knot = knot, .from = from};
	size_t taken = 0, count;

	for (size_t i = 0; i < knot->waitfor->model->thread_count; i++)
		knot->reached_by[i] = NULL;
	knot->queue[search.queued++] = from;
	while (taken < search.queued && !search.last) {
		const struct ct_waitfor_edge *edges =
			ct_waitfor_of(knot->waitfor, knot->queue[taken++], &count);

		for (size_t i = 0; i < count; i++)
			follow(&search, &edges[i]);
	}
	return search.last ? keep_cycle(&search) : CT_OK;
}

static int by_wait(const void *left, const void *right)
{
	const struct ct_thread *a = *(const struct ct_thread *const *)left;
	const struct ct_thread *b = *(const struct ct_thread *const *)right;

	if (a->wait.since != b->wait.since)
		return a->wait.since < b->wait.since ? -1 : 1;
	return a->id < b->id ? -1 : a->id > b->id;
}

static int by_id(const void *left, const void *right)
{
	const struct ct_thread *a = *(const struct ct_thread *const *)left;
	const struct ct_thread *b = *(const struct ct_thread *const *)right;

	return a->id < b->id ? -1 : a->id > b->id;
}

static enum ct_status find_cycles(struct knot *knot)
{
	struct ct_waitfor *waitfor = knot->waitfor;
	enum ct_status status = CT_OK;

	waitfor->cycles =
		ct_arena_calloc(&waitfor->arena, waitfor->stuck_count, sizeof(*waitfor->cycles));
	if (!waitfor->cycles)
		return CT_ENOMEM;
	qsort(waitfor->stuck, waitfor->stuck_count, sizeof(struct ct_thread *), by_wait);
	for (size_t i = 0; !status && i < waitfor->stuck_count; i++)
		if (!knot->used[waitfor->stuck[i]->id])
			status = find_cycle(knot, waitfor->stuck[i]);
	qsort(waitfor->stuck, waitfor->stuck_count, sizeof(struct ct_thread *), by_id);
	return status;
}

/* First who is stuck whatever signals come, then who is as long as none does. */
static enum ct_status reduce_twice(struct knot *knot)
{
	struct ct_waitfor *waitfor = knot->waitfor;
	const struct ct_model *model = waitfor->model;

	waitfor->unless_signal = ct_arena_calloc(&waitfor->arena, model->thread_count + 1,
						 sizeof(*waitfor->unless_signal));
	if (!waitfor->unless_signal)
		return CT_ENOMEM;
	for (size_t i = 0; i < model->thread_count; i++)
		knot->opening[i] = ct_wait_opening(model, model->threads[i]);
	reduce(knot, true);
	waitfor->others_may_live = knot->others_live;
	for (size_t i = 0; i < model->thread_count; i++)
		waitfor->unless_signal[i] = !knot->stuck[i];
	reduce(knot, false);
	waitfor->others_live = knot->others_live;
	return CT_OK;
}

static enum ct_status fill(struct knot *knot)
{
	struct ct_waitfor *waitfor = knot->waitfor;
	const struct ct_model *model = waitfor->model;
	enum ct_status status = reduce_twice(knot);

	if (status)
		return status;
	waitfor->stuck =
		ct_arena_calloc(&waitfor->arena, model->thread_count, sizeof(struct ct_thread *));
	if (!waitfor->stuck)
		return CT_ENOMEM;
	waitfor->stuck_count = 0;
	for (size_t i = 0; i < model->thread_count; i++)
		if (knot->stuck[i])
			waitfor->stuck[waitfor->stuck_count++] = model->threads[i];
	for (size_t i = 0; i < waitfor->edge_count; i++) {
		struct ct_waitfor_edge *edge = &waitfor->edges[i];

		edge->in_knot = is_stuck(knot, edge->from) && edge_is_stuck(knot, edge);
	}
	if (ct_waitfor_group(waitfor) != CT_OK)
		return CT_ENOMEM;
	return find_cycles(knot);
}

enum ct_status ct_waitfor_stuck(struct ct_waitfor *waitfor)
{
	size_t count = waitfor->model->thread_count + 1;
	struct knot knot = {.waitfor = waitfor,
			    .opening = calloc(count, sizeof(*knot.opening)),
			    .stuck = calloc(count, sizeof(*knot.stuck)),
			    .used = calloc(count, sizeof(*knot.used)),
			    .reached_by = calloc(count, sizeof(struct ct_waitfor_edge *)),
			    .queue = calloc(count, sizeof(struct ct_thread *))};
	enum ct_status status = CT_ENOMEM;

	if (knot.opening && knot.stuck && knot.used && knot.reached_by && knot.queue)
		status = fill(&knot);
	free(knot.opening);
	free(knot.stuck);
	free(knot.used);
	free(knot.reached_by);
	free(knot.queue);
	return status;
}
