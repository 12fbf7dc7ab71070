#include "detect/detector.h"

#include <stdio.h>

#include "detect/witness.h"
#include "model/lockorder.h"
#include "model/unseen_values.h"

/* Events that are put in order for the witnesses of all findings. */
enum { WITNESS_EVENTS = 5000000 };

static const struct ct_rule lock_order = {
	.id = "lock-order",
	.title = "locks are taken in orders that can deadlock",
	.help = "Take these locks in the same order everywhere.",
	.severity = CT_ERROR,
	.family = CT_FAMILY_DEADLOCK,
};

static enum ct_status begin(const struct ct_model *model, void **out_state)
{
	struct ct_lockorder *order;
	enum ct_status status;

	if (model->trace->complete_from) /* what rules a cycle out may be among what is left out */
		return CT_OK;
	status = ct_lockorder_new(model, &order);
	if (status == CT_OK)
		*out_state = order;
	return status;
}

static enum ct_status step(void *state, const struct ct_model *model, const struct ct_step *step)
{
	return state ? ct_lockorder_step(state, model, step) : CT_OK;
}

static const char *verb_of(const struct ct_lock_dependency *dependency)
{
	bool reads = dependency->mode == CT_MODE_SHARED;

	if (!dependency->lock)
		return dependency->joins->process == dependency->thread->process
			       ? "joins"
			       : "waits for the end of";
	if (dependency->try)
		return reads ? "tries to read-lock" : "tries to lock";
	if (dependency->timed)
		return reads ? "read-locks for a limited time" : "locks for a limited time";
	if (dependency->lock->kind == CT_OBJECT_RWLOCK)
		return reads ? "read-locks" : "write-locks";
	return "locks";
}

static struct ct_step_of_cycle told(const struct ct_lock_cycle_step *from)
{
	const struct ct_lock_dependency *dependency = from->dependency;
	const struct ct_place place = {.thread = dependency->thread,
				       .process = dependency->thread->process->number};
	struct ct_step_of_cycle step = {
		.thread = dependency->thread,
		.wants = dependency->lock,
		.wanted_at = place,
		.held_at = place,
		.verb = verb_of(dependency),
	};

	if (!dependency->lock && dependency->joins->process == dependency->thread->process)
		step.waits_for_thread = dependency->joins;
	else if (!dependency->lock)
		step.waits_for_process = dependency->joins->process;
	step.wanted_at.stack = from->request->stack;
	step.wanted_at.time = from->request->time;
	if (from->held != CT_LOCK_NOT_HELD) {
		step.holds = dependency->held[from->held].object;
		step.held_at.stack = from->request->stacks[from->held];
	}
	return step;
}

static enum ct_status fill(struct ct_findings *findings, struct ct_finding *finding,
			   const struct ct_lock_cycle *cycle)
{
	if (!finding)
		return CT_ENOMEM;
	finding->steps = ct_arena_calloc(&findings->arena, cycle->length, sizeof(*finding->steps));
	if (!finding->steps)
		return CT_ENOMEM;
	for (size_t i = 0; i < cycle->length; i++)
		finding->steps[i] = told(&cycle->steps[i]);
	finding->step_count = cycle->length;
	return CT_OK;
}

static bool has_join(const struct ct_lock_cycle *cycle)
{
	for (size_t i = 0; i < cycle->length; i++)
		if (!cycle->steps[i].dependency->lock)
			return true;
	return false;
}

static bool has_file(const struct ct_lock_cycle *cycle)
{
	for (size_t i = 0; i < cycle->length; i++) {
		const struct ct_object *lock = cycle->steps[i].dependency->lock;

		if (lock && lock->kind == CT_OBJECT_FILE)
			return true;
	}
	return false;
}

/* What is taken for granted where the trace does not tell. */
static const char *assumption(const struct ct_model *model, const struct ct_lock_cycle *cycle)
{
	if (has_file(cycle))
		return "these threads order themselves by nothing but calls that are recorded, "
		       "what they read while they hold the first lock does not decide whether "
		       "they ask for the second, and each process opened the files that it locks "
		       "itself, and gives their locks back only by unlocking what it locked";
	if (ct_values_are_known(model))
		return NULL;
	return "these threads order themselves by nothing but calls that are recorded, and what "
	       "they read while they hold the first lock does not decide whether they ask for the "
	       "second";
}

/* A file lock can be gone without a call that says so: another descriptor of the file is closed,
 * unlocked by a child, or replaced. What would be certain of other locks is not of them. */
static enum ct_evidence evidence_of(const struct ct_lock_cycle *cycle)
{
	return cycle->reachable && !has_file(cycle) ? CT_PREDICTED : CT_POTENTIAL;
}

static enum ct_status tell(const struct ct_lockorder *order, struct ct_findings *findings,
			   const struct ct_lock_cycle *cycle, size_t *budget)
{
	struct ct_finding *finding = ct_findings_add(findings, &lock_order, evidence_of(cycle));
	enum ct_status status = fill(findings, finding, cycle);

	if (!status && has_join(cycle))
		finding->fix = "Do not wait for a thread or a child while holding a lock that it "
			       "needs: give the lock back first.";
	if (!status && (cycle->reachable || has_file(cycle)))
		finding->assumes = assumption(order->model, cycle);
	if (status || !cycle->reachable)
		return status;
	return ct_witness_add(findings, finding, order, cycle, budget);
}

/* What was not looked at, so that silence is not taken for proof. */
static enum ct_status tell_limits(const struct ct_lockorder *order, struct ct_findings *findings)
{
	const char *why = NULL;
	struct ct_finding *note;

	if (order->cycles_hit)
		why = "there are more lock-order cycles than are listed here";
	else if (order->work_hit)
		why = "the search for lock-order cycles was given up: there may be more";
	else if (order->length_hit)
		why = "cycles of more than 32 locks were not looked for, and there may be some";
	else if (order->tests_hit)
		why = "there were too many lock-order cycles to try all of them for certain";
	else if (order->held_hit)
		why = "of very many locks held at once only the newest 128 were looked at";
	if (!why)
		return CT_OK;
	note = ct_findings_add(findings, &lock_order, CT_POTENTIAL);
	if (!note)
		return CT_ENOMEM;
	note->severity = CT_NOTE;
	note->headline = why;
	return CT_OK;
}

static bool step_stands(const struct ct_lock_cycle_step *step)
{
	const struct ct_lock_dependency *dependency = step->dependency;
	const struct ct_wait *wait = &dependency->thread->wait;

	if (!dependency->lock)
		return wait->kind == CT_WAIT_JOIN || wait->kind == CT_WAIT_CHILD;
	if (wait->kind == CT_WAIT_COND)
		return wait->mutex == dependency->lock;
	return (wait->kind == CT_WAIT_LOCK || wait->kind == CT_WAIT_SEM ||
		wait->kind == CT_WAIT_FILE_LOCK) &&
	       wait->object == dependency->lock && wait->stack == step->request->stack;
}

/* Whether the cycle stands at the end of the trace: then it is told as a deadlock. */
static bool stands(const struct ct_lock_cycle *cycle)
{
	for (size_t i = 0; i < cycle->length; i++)
		if (!step_stands(&cycle->steps[i]))
			return false;
	return true;
}

static enum ct_status tell_ruled_out(struct ct_findings *findings,
				     const struct ct_lock_cycle *cycle)
{
	const struct ct_event_info *by = ct_event_info(cycle->ordered_by);
	struct ct_finding *pattern;
	enum ct_status status;
	char why[160];

	snprintf(why, sizeof(why), "%s%s%s", ct_lock_verdict_text(cycle->verdict),
		 by ? ", by " : "", by ? by->api : "");
	pattern = ct_findings_rule_out(findings, &lock_order, why);
	status = fill(findings, pattern, cycle);
	if (!status)
		pattern->guard = cycle->guard;
	return status;
}

static enum ct_status finish(void *state, const struct ct_model *model,
			     struct ct_findings *findings)
{
	struct ct_lockorder *order = state;
	size_t budget = WITNESS_EVENTS;
	enum ct_status status;

	(void)model;
	if (!order)
		return CT_OK;
	status = ct_lockorder_cycles(order);
	for (size_t i = 0; !status && i < order->cycle_count; i++)
		if (!stands(order->cycles[i]))
			status = tell(order, findings, order->cycles[i], &budget);
	for (size_t i = 0; !status && i < order->ruled_out_count; i++)
		status = tell_ruled_out(findings, order->ruled_out[i]);
	return status ? status : tell_limits(order, findings);
}

static void end(void *state)
{
	ct_lockorder_free(state);
}

static const struct ct_rule *const rules[] = {&lock_order, NULL};

const struct ct_detector ct_detect_lock_order = {
	.name = "lock_order",
	.rules = rules,
	.begin = begin,
	.step = step,
	.finish = finish,
	.end = end,
};
