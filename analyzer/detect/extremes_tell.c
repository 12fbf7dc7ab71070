#include "detect/extremes.h"

#include <string.h>

#include "detect/hang.h"

/* By how much each tells of how it came to it, as in detect_stuck.c. */
enum cause { PIPE, WAKEUP, POST, BARRIER, STUCK, OWNED };

static const char *const rule_ids[] = {"pipe-deadlock", "lost-wakeup", "missing-post",
				       "barrier-mismatch", "stuck"};

struct told {
	struct ct_findings *findings;
	const struct ct_replay_run *run;
	const struct ct_model *model;
	struct ct_finding *finding;
	uint32_t best; /* the thread whose cause is told */
	enum cause cause;
};

struct ct_place ct_extremes_place(const struct ct_replay_run *run, const struct ct_replay_op *op)
{
	return ct_hang_place(run->replay->model->threads[op->thread], op->stack, op->time);
}

static const struct ct_object *object_of(const struct ct_replay_run *run, uint32_t resource)
{
	return resource == CT_REPLAY_NONE ? NULL : run->replay->resources[resource].object;
}

const struct ct_replay_op *ct_extremes_request(const struct ct_replay_run *run, uint32_t thread)
{
	const struct ct_replay_op *op = ct_replay_next(run, thread);
	const struct ct_replay_thread *of = &run->replay->threads[thread];
	size_t next = run->stands[thread].next;

	if (next && ct_replay_look(run, thread) == CT_LOOK_HELP &&
	    (op->deed == CT_REPLAY_WAKE || op->deed == CT_REPLAY_LEAVE))
		return &run->replay->ops[run->replay->order[of->first + next - 1]];
	return op;
}

static bool was_done(const struct ct_replay_run *run, uint32_t op, size_t *out_when)
{
	for (size_t i = 0; i < run->done; i++) {
		if (run->schedule[i] != op)
			continue;
		*out_when = i;
		return true;
	}
	return false;
}

static enum cause cause_of(const struct ct_replay_run *run, uint32_t thread)
{
	const struct ct_replay_op *op = ct_replay_next(run, thread);
	size_t when;

	if (ct_replay_look(run, thread) != CT_LOOK_HELP)
		return OWNED;
	switch (op->deed) {
	case CT_REPLAY_GET:
	case CT_REPLAY_PUT:
		return PIPE;
	case CT_REPLAY_TAKE:
		return POST;
	case CT_REPLAY_LEAVE:
		return BARRIER;
	default:
		return was_done(run, op->source, &when) ? WAKEUP : STUCK;
	}
}

static const char *verb_of_wait(const struct ct_replay_run *run, const struct ct_replay_op *op)
{
	switch (op->deed) {
	case CT_REPLAY_WAKE:
		return ct_replay_wanted(run, op) == op->mutex ? "locks" : "waits on";
	case CT_REPLAY_LEAVE:
		return "waits at";
	case CT_REPLAY_TAKE:
		return "waits for";
	default:
		return ct_extremes_verb(run, op);
	}
}

/* A thread where it is stuck. */
static struct ct_step_of_cycle step_of(const struct ct_replay_run *run, uint32_t thread)
{
	const struct ct_replay_op *op = ct_replay_next(run, thread);
	const struct ct_replay_op *request = ct_extremes_request(run, thread);
	const struct ct_model *model = run->replay->model;
	const struct ct_thread *of = model->threads[thread];
	struct ct_step_of_cycle step = {
		.thread = of,
		.wants = object_of(run, ct_replay_wanted(run, op)),
		.wanted_at = ct_extremes_place(run, request),
		.held_at = ct_hang_place(of, 0, 0),
		.ordinal = request->request,
		.verb = verb_of_wait(run, op),
	};

	if (op->deed != CT_REPLAY_JOIN)
		return step;
	if (model->threads[op->other]->process == of->process)
		step.waits_for_thread = model->threads[op->other];
	else
		step.waits_for_process = model->threads[op->other]->process;
	return step;
}

/* The lock by which `thread` keeps the one from going on whom `other` stands for. */
static void add_hold(const struct ct_replay_run *run, struct ct_step_of_cycle *step,
		     uint32_t thread, uint32_t other)
{
	uint32_t lock = ct_replay_wanted(run, ct_replay_next(run, other));
	uint32_t held =
		lock == CT_REPLAY_NONE ? CT_REPLAY_NONE : ct_replay_held_by(run, thread, lock);

	if (held == CT_REPLAY_NONE)
		return;
	step->holds = object_of(run, lock);
	step->held_at = ct_extremes_place(run, &run->replay->ops[held]);
}

static bool is_same_place(const struct ct_step_of_cycle *a, const struct ct_step_of_cycle *b)
{
	bool same = a->wanted_at.stack && a->wanted_at.stack == b->wanted_at.stack;

	return a->wants == b->wants && a->wanted_at.process == b->wanted_at.process &&
	       (same || (a->thread == b->thread && a->wanted_at.time == b->wanted_at.time));
}

static bool has_step(const struct ct_finding *finding, const struct ct_step_of_cycle *step)
{
	for (size_t i = 0; i < finding->step_count; i++)
		if (is_same_place(&finding->steps[i], step))
			return true;
	return false;
}

/* A finding that says the same already, or NULL. */
static struct ct_finding *find_same(const struct ct_findings *findings, size_t first,
				    const struct ct_rule *rule,
				    const struct ct_step_of_cycle *steps, size_t count)
{
	for (size_t i = first; i < findings->count; i++) {
		struct ct_finding *finding = findings->items[i];
		bool same = finding->step_count && (!rule || finding->rule == rule) &&
			    (rule || finding->step_count == count);

		for (size_t k = 0; same && k < count; k++)
			same = has_step(finding, &steps[k]);
		if (same)
			return finding;
	}
	return NULL;
}

/* Who waits for each other by what they own, each for the next. */
static size_t find_circle(const struct ct_replay_run *run, uint32_t *circle)
{
	size_t threads = run->replay->model->thread_count, count = 0, first = 0;
	uint32_t at = 0;

	while (!run->stuck[at])
		at++;
	for (;;) {
		uint32_t next = 0;

		for (first = 0; first < count && circle[first] != at; first++)
			;
		if (first < count)
			break;
		circle[count++] = at;
		while (next < threads && !(run->stuck[next] && ct_replay_owns(run, next, at)))
			next++;
		at = next;
	}
	memmove(circle, circle + first, (count - first) * sizeof(*circle));
	return count - first;
}

/* A circle of owners is told as lock-order where it takes them all for locks and joins; here it
 * may turn out that one of those, which was not certain, can stand. */
static enum ct_status tell_circle(const struct ct_extremes_teller *teller,
				  const struct ct_replay_run *run)
{
	struct ct_findings *findings = teller->findings;
	size_t threads = run->replay->model->thread_count, count;
	uint32_t *circle = ct_arena_calloc(&findings->arena, threads + 1, sizeof(*circle));
	struct ct_step_of_cycle *steps;
	struct ct_finding *finding;

	if (!circle)
		return CT_ENOMEM;
	count = find_circle(run, circle);
	steps = ct_arena_calloc(&findings->arena, count, sizeof(*steps));
	if (!steps)
		return CT_ENOMEM;
	for (size_t i = 0; i < count; i++) {
		steps[i] = step_of(run, circle[i]);
		add_hold(run, &steps[i], circle[i], circle[(i + count - 1) % count]);
	}
	finding = find_same(findings, 0, NULL, steps, count);
	if (finding && finding->evidence >= CT_PREDICTED)
		return CT_OK;
	if (!finding)
		finding = ct_findings_add(findings, ct_extremes_rule("deadlock"), CT_PREDICTED);
	if (!finding)
		return CT_ENOMEM;
	finding->evidence = CT_PREDICTED;
	finding->assumes = NULL;
	finding->steps = steps;
	finding->step_count = count;
	return ct_extremes_witness(findings, finding, run);
}

static void find_best(struct told *told)
{
	uint64_t time = 0;

	told->cause = OWNED;
	for (uint32_t i = 0; i < told->model->thread_count; i++) {
		enum cause cause = told->run->stuck[i] ? cause_of(told->run, i) : OWNED;
		uint64_t asked = cause == OWNED ? 0 : ct_extremes_request(told->run, i)->time;

		if (cause > told->cause || cause == OWNED ||
		    (cause == told->cause && asked >= time))
			continue;
		told->cause = cause;
		told->best = i;
		time = asked;
	}
}

/* A stuck thread that would do what the best one waits for, or NONE. */
static uint32_t find_helper(const struct told *told)
{
	const struct ct_replay_op *op = ct_replay_next(told->run, told->best);

	for (uint32_t i = 0; i < told->model->thread_count; i++)
		if (i != told->best && told->run->stuck[i] &&
		    ct_replay_would_help(told->run, i, op))
			return i;
	return CT_REPLAY_NONE;
}

static bool waits_there(const struct told *told, uint32_t thread)
{
	const struct ct_replay_op *op = ct_replay_next(told->run, thread);
	const struct ct_replay_op *best = ct_replay_next(told->run, told->best);

	return told->run->stuck[thread] && op->resource == best->resource &&
	       op->deed == best->deed && cause_of(told->run, thread) != OWNED;
}

/* What it holds that another one waits for. */
static void add_wanted_hold(const struct told *told, struct ct_step_of_cycle *step, uint32_t thread)
{
	for (uint32_t i = 0; !step->holds && i < told->model->thread_count; i++)
		if (i != thread && told->run->stuck[i] &&
		    ct_replay_look(told->run, i) == CT_LOOK_OWNED)
			add_hold(told->run, step, thread, i);
}

static enum ct_status add_steps(struct told *told)
{
	struct ct_finding *finding = told->finding;

	finding->steps = ct_arena_calloc(&told->findings->arena, told->model->thread_count,
					 sizeof(*finding->steps));
	if (!finding->steps)
		return CT_ENOMEM;
	finding->steps[finding->step_count++] = step_of(told->run, told->best);
	add_wanted_hold(told, &finding->steps[0], told->best);
	for (uint32_t i = 0; i < told->model->thread_count; i++) {
		if (i == told->best || !told->run->stuck[i] || !waits_there(told, i))
			continue;
		finding->steps[finding->step_count] = step_of(told->run, i);
		add_wanted_hold(told, &finding->steps[finding->step_count++], i);
	}
	return CT_OK;
}

/* The signal that woke the thread in the record and came to nothing here. */
static enum ct_status add_signal(struct told *told, bool *out_late)
{
	const struct ct_replay_op *wake = ct_replay_next(told->run, told->best);
	const struct ct_replay_op *signal = &told->run->replay->ops[wake->source];
	struct ct_place place = ct_extremes_place(told->run, signal);
	size_t when = 0;

	(void)was_done(told->run, wake->source, &when);
	*out_late = when < told->run->stands[told->best].parked_at;
	place.text = *out_late ? "signals it before, when nobody waits"
			       : "signals it, which wakes another thread";
	return ct_hang_add_place(told->findings, told->finding, place);
}

static const char *help_of(enum ct_replay_deed deed)
{
	switch (deed) {
	case CT_REPLAY_WAKE:
		return "signal";
	case CT_REPLAY_TAKE:
		return "post";
	case CT_REPLAY_LEAVE:
		return "come to";
	case CT_REPLAY_GET:
		return "write to";
	default:
		return "read from";
	}
}

static const char *how_it_waits(enum ct_replay_deed deed)
{
	switch (deed) {
	case CT_REPLAY_LEAVE:
		return "at";
	case CT_REPLAY_GET:
		return "for data on";
	case CT_REPLAY_PUT:
		return "for room in";
	default:
		return "for";
	}
}

static enum ct_status add_because(struct told *told, uint32_t helper)
{
	struct ct_arena *arena = &told->findings->arena;
	const struct ct_replay_op *op = ct_replay_next(told->run, told->best);
	struct ct_finding *finding = told->finding;
	bool late = true;

	finding->waits = how_it_waits(op->deed);
	if (told->cause == WAKEUP) {
		const struct ct_replay *replay = told->run->replay;
		uint32_t by = replay->ops[op->source].thread;

		if (add_signal(told, &late) != CT_OK)
			return CT_ENOMEM;
		finding->because = ct_arena_printf(
			arena, ", which %s may signal %s: nobody is left then to signal it again",
			told->model->threads[by]->name,
			late ? "before the wait begins" : "for another thread");
	} else if (helper != CT_REPLAY_NONE) {
		finding->because =
			ct_arena_printf(arena, ", while %s, which would %s it, waits as well",
					told->model->threads[helper]->name, help_of(op->deed));
	} else {
		finding->because = ct_arena_printf(arena, ", when nobody is left who would %s it",
						   help_of(op->deed));
	}
	return finding->because ? CT_OK : CT_ENOMEM;
}

/* All others that are stuck. */
static enum ct_status add_others(const struct told *told)
{
	const struct ct_replay_op *best = ct_replay_next(told->run, told->best);
	enum ct_status status = CT_OK;

	for (uint32_t i = 0; !status && i < told->model->thread_count; i++) {
		struct ct_place place;

		if (!told->run->stuck[i] || waits_there(told, i))
			continue;
		place = ct_extremes_place(told->run, ct_extremes_request(told->run, i));
		place.text = ct_replay_would_help(told->run, i, best)
				     ? ct_arena_printf(&told->findings->arena,
						       "would %s it later, and waits here",
						       help_of(best->deed))
				     : "waits as well";
		status = place.text ? ct_hang_add_place(told->findings, told->finding, place)
				    : CT_ENOMEM;
	}
	return status;
}

enum ct_status ct_extremes_tell(void *context, const struct ct_replay_run *run, bool owned)
{
	const struct ct_extremes_teller *teller = context;
	struct told told = {.findings = teller->findings, .run = run, .model = run->replay->model};
	struct ct_step_of_cycle step;
	const struct ct_rule *rule;
	enum ct_status status;

	if (owned)
		return tell_circle(teller, run);
	find_best(&told);
	if (told.cause == OWNED)
		return CT_OK;
	rule = ct_extremes_rule(rule_ids[told.cause]);
	step = step_of(run, told.best);
	if (find_same(told.findings, teller->first, rule, &step, 1))
		return CT_OK;
	told.finding = ct_findings_add(told.findings, rule, CT_PREDICTED);
	if (!told.finding)
		return CT_ENOMEM;
	if (!told.model->trace->text)
		told.finding->assumes = "no signal and no pthread_cancel comes to their rescue";
	status = add_steps(&told);
	if (status == CT_OK)
		status = add_because(&told, find_helper(&told));
	if (status == CT_OK)
		status = add_others(&told);
	return status ? status : ct_extremes_witness(told.findings, told.finding, run);
}
