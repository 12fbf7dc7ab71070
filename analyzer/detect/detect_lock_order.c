#include "detect/detector.h"

#include "model/lockorder.h"

static const struct ct_rule lock_order = {
	.id = "lock-order",
	.title = "locks are taken in orders that can deadlock",
	.help = "Take these locks in the same order everywhere.",
	.severity = CT_ERROR,
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
		.holds = dependency->held[from->held].object,
		.wanted_at = place,
		.held_at = place,
		.verb = verb_of(dependency),
	};

	step.wanted_at.stack = from->request->stack;
	step.wanted_at.time = from->request->time;
	step.held_at.stack = from->request->stacks[from->held];
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

static enum ct_status tell(const struct ct_model *model, struct ct_findings *findings,
			   const struct ct_lock_cycle *cycle)
{
	struct ct_finding *finding = ct_findings_add(
		findings, &lock_order, cycle->reachable ? CT_PREDICTED : CT_POTENTIAL);
	enum ct_status status = fill(findings, finding, cycle);

	if (!status && cycle->reachable && !model->trace->accesses)
		finding->assumes = "what these threads read while they hold the first lock does "
				   "not decide whether they ask for the second";
	return status;
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
		why = "cycles of more than 6 locks were not looked for, and there may be some";
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

/* Whether the cycle stands at the end of the trace: then it is told as a deadlock. */
static bool stands(const struct ct_lock_cycle *cycle)
{
	for (size_t i = 0; i < cycle->length; i++) {
		const struct ct_lock_cycle_step *step = &cycle->steps[i];
		const struct ct_wait *wait = &step->dependency->thread->wait;

		if (wait->kind != CT_WAIT_LOCK || wait->object != step->dependency->lock ||
		    wait->stack != step->request->stack)
			return false;
	}
	return true;
}

static enum ct_status finish(void *state, const struct ct_model *model,
			     struct ct_findings *findings)
{
	struct ct_lockorder *order = state;
	enum ct_status status;

	if (!order)
		return CT_OK;
	status = ct_lockorder_cycles(order);
	for (size_t i = 0; !status && i < order->cycle_count; i++)
		if (!stands(order->cycles[i]))
			status = tell(model, findings, order->cycles[i]);
	for (size_t i = 0; !status && i < order->ruled_out_count; i++) {
		const struct ct_lock_cycle *cycle = order->ruled_out[i];
		struct ct_finding *pattern = ct_findings_rule_out(
			findings, &lock_order, ct_lock_verdict_text(cycle->verdict));

		status = fill(findings, pattern, cycle);
		if (!status)
			pattern->guard = cycle->guard;
	}
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
