/*
 * The critical path, found while the events go by: for each thread the path that ends in its
 * present. Whoever waits for another goes on from that one's path at the moment of the wake, which
 * is the longer of the two.
 * Source: J. Hollingsworth, "An Online Computation of Critical Path Profiling", 1996.
 */
#include <stdlib.h>

#include "model/forker.h"
#include "timing/chain.h"
#include "timing/critical.h"
#include "timing/holds.h"
#include "timing/parts.h"
#include "timing/waiters.h"

/* A thread is woken at once, but runs when there is a processor: who woke it may have gone on, and
 * waited for others, meanwhile. So these many paths of the waker are kept. */
enum { MARKS = 8 };

struct mark {
	struct ct_chain *chain;
	uint64_t time_ns;
	bool set;
	const struct ct_object *object; /* which was given: its next mark takes the place */
};

struct runner {
	bool begun, ended;
	struct ct_chain *chain;	    /* until from_ns; from then on it is the thread's own time */
	uint64_t from_ns, event_ns; /* event_ns: of its last event */
	uint64_t waits_ns;	    /* since from_ns */
	struct ct_chain_sums held;  /* of holds that ended since from_ns, by object */
	struct mark marks[MARKS];
	struct mark fork; /* at its last request to make a process, or to run a program */
};

struct ct_part_critical {
	const struct ct_model *model;
	struct ct_chains *chains;
	struct ct_holds *holds;
	struct ct_waiters *waiters;
	struct runner *runners;	      /* by thread id */
	const struct ct_thread *last; /* of the last event */
	/* The last event may have woken somebody: a mark is set when the next one comes, as the
	 * event may have ended a wait itself. */
	const struct ct_thread *waker; /* or NULL */
	const struct ct_object *given;
	uint64_t given_ns;
};

static uint64_t overlap(uint64_t since_ns, uint64_t from_ns, uint64_t to_ns)
{
	if (since_ns < from_ns)
		since_ns = from_ns;
	return to_ns > since_ns ? to_ns - since_ns : 0;
}

static enum ct_status hold_ended(void *state, const struct ct_thread *thread,
				 const struct ct_hold *hold, uint64_t end_ns)
{
	struct ct_part_critical *part = state;
	struct runner *runner = &part->runners[thread->id];
	uint64_t held_ns = overlap(hold->since_ns, runner->from_ns, end_ns);

	return held_ns ? ct_chain_add(&runner->held, hold->object->id, held_ns) : CT_OK;
}

enum ct_status ct_part_critical_new(struct ct_timing *timing, struct ct_part_critical **out_part)
{
	struct ct_part_critical *part = calloc(1, sizeof(*part));
	enum ct_status status = CT_ENOMEM;

	if (!part)
		return CT_ENOMEM;
	part->model = timing->model;
	part->runners = calloc(timing->model->thread_count + 1, sizeof(*part->runners));
	if (part->runners)
		status = ct_chains_new(&part->chains);
	if (status == CT_OK)
		status = ct_holds_new(timing->model, hold_ended, part, &part->holds);
	if (status == CT_OK)
		status = ct_waiters_new(timing->model, &part->waiters);
	if (status)
		ct_part_critical_free(part);
	else
		*out_part = part;
	return status;
}

void ct_part_critical_free(struct ct_part_critical *part)
{
	if (!part)
		return;
	for (size_t i = 0; part->runners && i < part->model->thread_count; i++)
		free(part->runners[i].held.sums);
	ct_chains_free(part->chains);
	ct_holds_free(part->holds);
	ct_waiters_free(part->waiters);
	free(part->runners);
	free(part);
}

size_t ct_part_critical_links(const struct ct_part_critical *part)
{
	return ct_chains_links(part->chains);
}

/* The thread's own time until `time_ns` becomes part of its path. */
static enum ct_status cut(struct ct_part_critical *part, const struct ct_thread *thread,
			  uint64_t time_ns)
{
	struct runner *runner = &part->runners[thread->id];
	struct ct_chain_piece piece = {
		.segment = {.thread = thread, .from_ns = runner->from_ns, .to_ns = time_ns},
		.waits_ns = runner->waits_ns,
	};
	enum ct_status status = CT_OK;
	const struct ct_hold *hold;

	if (time_ns <= runner->from_ns)
		return CT_OK;
	for (size_t i = 0; !status && (hold = ct_holds_of(part->holds, thread, i)); i++) {
		uint64_t held_ns = overlap(hold->since_ns, runner->from_ns, time_ns);

		if (held_ns)
			status = ct_chain_add(&runner->held, hold->object->id, held_ns);
	}
	piece.held = runner->held.sums;
	piece.held_count = runner->held.count;
	if (status == CT_OK)
		status = ct_chain_extend(part->chains, &piece, &runner->chain);
	runner->from_ns = time_ns;
	runner->waits_ns = 0;
	ct_chain_clear(&runner->held);
	return status;
}

static void set_mark(struct ct_part_critical *part, const struct runner *runner,
		     const struct ct_object *object, struct mark *mark)
{
	struct ct_chain *chain = ct_chain_share(runner->chain);

	ct_chain_drop(part->chains, mark->chain);
	*mark = (struct mark){chain, runner->from_ns, true, object};
}

/* The mark of the same object, else the oldest. */
static struct mark *mark_for(struct runner *runner, const struct ct_object *object)
{
	struct mark *oldest = &runner->marks[0];

	for (unsigned i = 0; i < MARKS; i++) {
		struct mark *mark = &runner->marks[i];

		if (object && mark->object == object)
			return mark;
		if (!mark->set || (oldest->set && mark->time_ns < oldest->time_ns))
			oldest = mark;
	}
	return oldest;
}

static enum ct_status mark_waker(struct ct_part_critical *part)
{
	const struct ct_thread *thread = part->waker;
	struct runner *runner;
	enum ct_status status;

	if (!thread)
		return CT_OK;
	part->waker = NULL;
	runner = &part->runners[thread->id];
	status = cut(part, thread, part->given_ns);
	set_mark(part, runner, part->given, mark_for(runner, part->given));
	return status;
}

/* The thread's path goes on from `chain` at `time_ns`, whatever its own was. */
static void go_on_from(struct ct_part_critical *part, struct runner *runner, struct ct_chain *chain,
		       uint64_t time_ns)
{
	struct ct_chain *shared = ct_chain_share(chain);

	ct_chain_drop(part->chains, runner->chain);
	runner->chain = shared;
	runner->from_ns = time_ns;
	runner->waits_ns = 0;
	ct_chain_clear(&runner->held);
}

/* As it was at `time_ns` or the last time before that is known; false: none is. */
static bool path_at(struct ct_part_critical *part, const struct ct_thread *thread, uint64_t time_ns,
		    enum ct_status *out_status, struct mark *out_mark)
{
	struct runner *runner = &part->runners[thread->id];

	*out_status = CT_OK;
	if (!runner->begun)
		return false;
	if (runner->event_ns <= time_ns && runner->from_ns <= time_ns) {
		if (!runner->ended)
			*out_status = cut(part, thread, time_ns);
		*out_mark = (struct mark){runner->chain, runner->from_ns, true, NULL};
		return true;
	}
	*out_mark = (struct mark){.set = false};
	for (unsigned i = 0; i < MARKS; i++) {
		const struct mark *mark = &runner->marks[i];

		if (mark->set && mark->time_ns <= time_ns &&
		    (!out_mark->set || mark->time_ns > out_mark->time_ns))
			*out_mark = *mark;
	}
	return out_mark->set;
}

/* Who ran another program in this process: its path goes on in the new one's main. */
static const struct runner *before_exec(const struct ct_part_critical *part,
					const struct ct_thread *thread)
{
	for (size_t i = thread->process->thread_count; i-- > 0;) {
		const struct ct_thread *other = thread->process->threads[i];

		if (other != thread && part->runners[other->id].fork.set)
			return &part->runners[other->id];
	}
	return NULL;
}

/* Who made it; where that was not seen, the main thread of where it comes from. */
static const struct ct_thread *maker_of(const struct ct_thread *thread)
{
	const struct ct_process *from = thread->process;

	if (thread->creator)
		return thread->creator;
	if (thread->number == 1)
		from = from->parent;
	return from && from->thread_count ? from->threads[0] : NULL;
}

static bool fork_of(const struct runner *caller, uint64_t time_ns, struct mark *out_mark)
{
	if (!caller || !caller->fork.set || caller->fork.time_ns > time_ns)
		return false;
	*out_mark = caller->fork;
	return true;
}

/* Where the path of a thread begins that begins at `time_ns`. */
static bool origin_of(struct ct_part_critical *part, const struct ct_thread *thread,
		      uint64_t time_ns, enum ct_status *out_status, struct mark *out_mark)
{
	const struct ct_thread *maker = maker_of(thread), *forker = NULL;
	bool is_main = thread->number == 1;

	if (is_main)
		forker = ct_forker_of(thread->process);
	*out_status = CT_OK;
	if (forker && fork_of(&part->runners[forker->id], time_ns, out_mark))
		return true;
	if (is_main && !thread->creator && fork_of(before_exec(part, thread), time_ns, out_mark))
		return true;
	if (!maker || maker == thread)
		return false;
	return path_at(part, maker, time_ns, out_status, out_mark) ||
	       (is_main && fork_of(&part->runners[maker->id], time_ns, out_mark));
}

/* A thread's path begins with that of who made it. */
static enum ct_status begin(struct ct_part_critical *part, const struct ct_thread *thread,
			    uint64_t time_ns)
{
	struct runner *runner = &part->runners[thread->id];
	enum ct_status status = CT_OK;
	struct mark origin;

	if (runner->begun)
		return CT_OK;
	runner->begun = true;
	runner->from_ns = runner->event_ns = time_ns;
	if (origin_of(part, thread, time_ns, &status, &origin))
		go_on_from(part, runner, origin.chain, origin.time_ns);
	return status;
}

/* The step makes `other`. */
static enum ct_status create(struct ct_part_critical *part, const struct ct_step *step,
			     uint64_t time_ns)
{
	struct runner *creator = &part->runners[step->thread->id];
	struct runner *created = &part->runners[step->other->id];
	const struct mark *fork = &creator->fork;
	enum ct_status status = CT_OK;

	if (created->begun || created == creator)
		return CT_OK;
	created->begun = true;
	created->event_ns = time_ns;
	if (step->effect == CT_EFFECT_FORK && fork->set) {
		go_on_from(part, created, fork->chain, fork->time_ns);
		return CT_OK;
	}
	status = cut(part, step->thread, time_ns);
	go_on_from(part, created, creator->chain, creator->from_ns);
	return status;
}

static enum ct_status on_change(void *state, const struct ct_thread *thread, uint64_t time_ns,
				enum ct_activity from, enum ct_activity to)
{
	(void)from;
	(void)to;
	return begin(state, thread, time_ns);
}

static bool makes_process(const struct ct_step *step)
{
	return (step->request &&
		(step->effect == CT_EFFECT_FORK || step->effect == CT_EFFECT_SYSTEM)) ||
	       step->effect == CT_EFFECT_EXEC;
}

/* What the event may give to others. Who comes to a barrier may be at its next round before the
 * others have left this one, so that its marks are kept beside each other. */
static const struct ct_object *given_by(const struct ct_step *step)
{
	if (step->effect == CT_EFFECT_WAIT)
		return step->mutex;
	return step->effect == CT_EFFECT_BARRIER ? NULL : step->object;
}

/* Ends, and signals: for whom they are does not say an object. */
static bool may_wake_anybody(const struct ct_step *step)
{
	return step->effect == CT_EFFECT_THREAD_EXIT || step->effect == CT_EFFECT_PROCESS_EXIT ||
	       step->effect == CT_EFFECT_SIGNAL_SEND;
}

static enum ct_status on_step(void *state, const struct ct_model *model, const struct ct_step *step,
			      uint64_t time_ns)
{
	struct ct_part_critical *part = state;
	struct runner *runner = &part->runners[step->thread->id];
	struct ct_acquisition taken;
	enum ct_status status = ct_holds_step(part->holds, step, time_ns, &taken);

	(void)model;
	if (status == CT_OK)
		status = mark_waker(part);
	if (status == CT_OK)
		status = begin(part, step->thread, time_ns);
	if (status == CT_OK)
		status = ct_waiters_step(part->waiters, step);
	if (status || runner->ended)
		return status;
	part->last = step->thread;
	if (time_ns > runner->event_ns)
		runner->event_ns = time_ns;
	if (step->other && !step->request &&
	    (step->effect == CT_EFFECT_THREAD_CREATE || step->effect == CT_EFFECT_FORK))
		return create(part, step, time_ns);
	if (makes_process(step)) {
		status = cut(part, step->thread, time_ns);
		set_mark(part, runner, NULL, &runner->fork);
	} else if (may_wake_anybody(step) || ct_waiters_may_wake(part->waiters, step)) {
		part->waker = step->thread;
		part->given = given_by(step);
		part->given_ns = time_ns;
	}
	return status;
}

static enum ct_status on_span(void *state, const struct ct_span *span)
{
	struct ct_part_critical *part = state;
	struct runner *runner = &part->runners[span->thread->id];
	const struct ct_wake *wake = &span->wake;
	enum ct_status status = CT_OK;
	struct mark mark;

	if (span->activity == CT_RUNS)
		return CT_OK;
	if (!wake->thread || wake->thread == span->thread)
		runner->waits_ns += overlap(span->from_ns, runner->from_ns, span->to_ns);
	else if (wake->time_ns <= span->to_ns &&
		 path_at(part, wake->thread, wake->time_ns, &status, &mark) &&
		 mark.time_ns >= span->from_ns)
		go_on_from(part, runner, mark.chain, mark.time_ns);
	return status;
}

static enum ct_status on_end(void *state, const struct ct_thread *thread, uint64_t time_ns)
{
	struct ct_part_critical *part = state;
	struct runner *runner = &part->runners[thread->id];
	enum ct_status status = ct_holds_end(part->holds, thread, time_ns);

	if (status == CT_OK)
		status = mark_waker(part);
	if (status == CT_OK)
		status = begin(part, thread, time_ns);
	if (status == CT_OK && !runner->ended)
		status = cut(part, thread, time_ns);
	runner->ended = true;
	return status;
}

struct ct_span_sink ct_part_critical_sink(struct ct_part_critical *part)
{
	return (struct ct_span_sink){
		.state = part,
		.change = on_change,
		.span = on_span,
		.end = on_end,
		.step = on_step,
	};
}

/* How long each lock was held on the path. */
static void tell_locks(struct ct_timing *timing, const struct ct_chain_sums *held)
{
	const struct ct_timing_lock *most = NULL;

	for (size_t i = 0; i < timing->lock_count; i++) {
		struct ct_timing_lock *lock = &timing->locks[i];

		lock->critical_ns = ct_chain_sum_of(held, lock->object->id);
		if (lock->critical_ns && (!most || lock->critical_ns > most->critical_ns))
			most = lock;
	}
	timing->critical.lock = most;
}

/* The path that ends last; of several, that of the last event. */
static const struct runner *last_to_end(const struct ct_part_critical *part)
{
	const struct runner *last = part->last ? &part->runners[part->last->id] : NULL;

	for (size_t i = 0; i < part->model->thread_count; i++)
		if (part->runners[i].ended && (!last || part->runners[i].from_ns > last->from_ns))
			last = &part->runners[i];
	return last;
}

enum ct_status ct_part_critical_finish(struct ct_part_critical *part, struct ct_timing *timing)
{
	const struct runner *last = last_to_end(part);
	struct ct_chain_sums held = {.sums = NULL};
	enum ct_status status = CT_OK;

	timing->critical.thread_ns =
		calloc(part->model->thread_count + 1, sizeof(*timing->critical.thread_ns));
	if (!timing->critical.thread_ns)
		return CT_ENOMEM;
	if (last)
		status = ct_chain_read(last->chain, part->model->thread_count, &timing->critical,
				       &held);
	if (status == CT_OK)
		tell_locks(timing, &held);
	free(held.sums);
	return status;
}
