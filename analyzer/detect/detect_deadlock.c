#include "detect/detector.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "model/waitfor.h"

static const struct ct_rule deadlock = {
	.id = "deadlock",
	.title = "threads wait for each other in a circle",
	.help = "Break the circle: take the locks in one order, or join before taking them.",
	.severity = CT_ERROR,
};

static const struct ct_rule self_deadlock = {
	.id = "self-deadlock",
	.title = "a thread waits for itself",
	.help = "Release the lock before taking it again, or make the mutex recursive.",
	.severity = CT_ERROR,
};

static const struct ct_rule stuck = {
	.id = "stuck",
	.title = "nobody is left who could wake the waiting threads",
	.help = "See to it that some thread signals after the wait began, and ends the wait.",
	.severity = CT_ERROR,
};

/* A thread asked to join itself and was refused. */
struct refused {
	struct ct_thread *thread;
	uint32_t stack;
	uint64_t time;
};

struct state {
	struct refused *refused;
	size_t refused_count, refused_cap;
};

static enum ct_status begin(const struct ct_model *model, void **out_state)
{
	(void)model;
	*out_state = calloc(1, sizeof(struct state));
	return *out_state ? CT_OK : CT_ENOMEM;
}

static bool joins_itself(const struct ct_step *step)
{
	struct ct_payload_fail fail;
	const struct ct_event_info *call;

	if (step->effect != CT_EFFECT_FAILURE || step->record->payload_size < sizeof(fail))
		return false;
	memcpy(&fail, step->record->payload, sizeof(fail));
	call = ct_event_info(fail.call);
	return call && call->effect == CT_EFFECT_THREAD_JOIN && fail.error == EDEADLK &&
	       fail.object && fail.object == step->thread->pthread;
}

static enum ct_status step(void *data, const struct ct_model *model, const struct ct_step *step)
{
	struct state *state = data;
	enum ct_status status;

	(void)model;
	if (!joins_itself(step))
		return CT_OK;
	status = ct_vec_grow(&state->refused, &state->refused_cap, state->refused_count + 1,
			     sizeof(*state->refused));
	if (status == CT_OK)
		state->refused[state->refused_count++] =
			(struct refused){step->thread, step->record->stack, step->record->time};
	return status;
}

static struct ct_place place_of(const struct ct_thread *thread, uint32_t stack, uint64_t time)
{
	return (struct ct_place){
		.thread = thread, .process = thread->process->number, .stack = stack, .time = time};
}

static const char *verb_of(const struct ct_wait *wait)
{
	switch (wait->kind) {
	case CT_WAIT_LOCK:
		if (wait->object && wait->object->kind == CT_OBJECT_RWLOCK)
			return wait->mode == CT_MODE_SHARED ? "read-locks" : "write-locks";
		return "locks";
	case CT_WAIT_JOIN:
		return "joins";
	case CT_WAIT_COND:
		return "waits on";
	case CT_WAIT_BARRIER:
		return "waits at";
	case CT_WAIT_READ:
		return "reads from";
	case CT_WAIT_WRITE:
		return "writes to";
	default:
		return "waits for";
	}
}

static struct ct_step_of_cycle wait_of(const struct ct_thread *thread)
{
	const struct ct_wait *wait = &thread->wait;

	return (struct ct_step_of_cycle){
		.thread = thread,
		.wants = wait->object,
		.waits_for_thread = wait->thread,
		.waits_for_process = wait->process,
		.wanted_at = place_of(thread, wait->stack, wait->since),
		.held_at = place_of(thread, 0, 0),
		.verb = verb_of(wait),
	};
}

static struct ct_finding *add(struct ct_findings *findings, const struct ct_rule *rule,
			      size_t steps)
{
	struct ct_finding *finding = ct_findings_add(findings, rule, CT_OBSERVED);

	if (!finding)
		return NULL;
	finding->steps = ct_arena_calloc(&findings->arena, steps, sizeof(*finding->steps));
	if (!finding->steps)
		return NULL;
	finding->step_count = steps;
	return finding;
}

/* What a thread did last may be among the records that were lost. */
static bool lost_records(const struct ct_model *model, const struct ct_thread *thread)
{
	return model->trace->threads[thread->id].discarded > 0;
}

/* Code whose calls are not in the trace may have given back what seems to be held. */
static bool has_unseen_code(const struct ct_model *model, const struct ct_process *process)
{
	for (size_t i = 0; i < model->trace->unseen_count; i++) {
		const struct ct_trace_unseen *unseen = &model->trace->unseen[i];

		if (unseen->process == process->number &&
		    (unseen->reason <= CT_UNSEEN_NAMESPACE || unseen->reason == CT_UNSEEN_CLONE))
			return true;
	}
	return false;
}

/* Threads that wait for one of the circle, or for one that waits for it. */
static enum ct_status add_followers(const struct ct_waitfor *waitfor, struct ct_findings *findings,
				    struct ct_finding *finding,
				    const struct ct_waitfor_cycle *cycle)
{
	size_t threads = waitfor->model->thread_count;
	bool *behind = calloc(threads + 1, sizeof(*behind)), changed = true;

	finding->places =
		ct_arena_calloc(&findings->arena, waitfor->stuck_count, sizeof(*finding->places));
	if (!behind || !finding->places) {
		free(behind);
		return CT_ENOMEM;
	}
	for (size_t i = 0; i < cycle->length; i++)
		behind[cycle->edges[i]->from->id] = true;
	while (changed) {
		changed = false;
		for (size_t i = 0; i < waitfor->edge_count; i++) {
			const struct ct_waitfor_edge *edge = &waitfor->edges[i];
			const struct ct_thread *from = edge->from;

			if (edge->why == CT_WAITFOR_HELPER || !edge->in_knot || !edge->to ||
			    edge->in_cycle || behind[from->id] || !behind[edge->to->id])
				continue;
			behind[from->id] = changed = true;
			finding->places[finding->place_count] =
				place_of(from, from->wait.stack, from->wait.since);
			finding->places[finding->place_count++].text = "is stuck behind them";
		}
	}
	free(behind);
	return CT_OK;
}

/* NULL: the rule's own advice, which is for mutexes. */
static const char *fix_of(const struct ct_wait *wait)
{
	if (wait->kind == CT_WAIT_LOCK && wait->object && wait->object->kind == CT_OBJECT_RWLOCK)
		return "Give the lock back before asking for it again: a read-write lock cannot "
		       "be upgraded.";
	return NULL;
}

static enum ct_status report_cycle(const struct ct_waitfor *waitfor, struct ct_findings *findings,
				   const struct ct_waitfor_cycle *cycle)
{
	const struct ct_rule *rule = cycle->length == 1 ? &self_deadlock : &deadlock;
	struct ct_finding *finding = add(findings, rule, cycle->length);

	if (!finding)
		return CT_ENOMEM;
	if (rule == &self_deadlock)
		finding->fix = fix_of(&cycle->edges[0]->from->wait);
	for (size_t i = 0; i < cycle->length; i++) {
		const struct ct_waitfor_edge *edge = cycle->edges[i];
		const struct ct_waitfor_edge *before =
			cycle->edges[(i + cycle->length - 1) % cycle->length];
		struct ct_step_of_cycle *step = &finding->steps[i];

		*step = wait_of(edge->from);
		if (edge->process)
			step->waits_for_process = edge->process;
		if (before->why == CT_WAITFOR_HOLDS)
			step->holds = before->from->wait.object;
		if (before->held)
			step->held_at =
				place_of(edge->from, before->held->stack, before->held->since);
		if (lost_records(waitfor->model, edge->from)) {
			finding->evidence = CT_POTENTIAL;
			finding->assumes = "the records that these threads lost changed nothing";
		} else if (has_unseen_code(waitfor->model, edge->from->process)) {
			finding->evidence = CT_POTENTIAL;
			finding->assumes =
				"code whose calls are not seen did nothing to these locks";
		}
	}
	return add_followers(waitfor, findings, finding, cycle);
}

/* Nobody outside the trace could help, and nothing but the program itself wakes such a wait: not a
 * semaphore, which a signal handler may post, nor what other programs reach. */
static bool is_closed_wait(const struct ct_wait *wait)
{
	switch (wait->kind) {
	case CT_WAIT_LOCK:
	case CT_WAIT_COND:
	case CT_WAIT_BARRIER:
	case CT_WAIT_ONCE:
		return wait->object && wait->object->process;
	case CT_WAIT_JOIN:
	case CT_WAIT_CHILD:
		return true;
	default:
		return false;
	}
}

static bool is_stuck(const struct ct_waitfor *waitfor, const struct ct_thread *thread)
{
	for (size_t i = 0; i < waitfor->stuck_count; i++)
		if (waitfor->stuck[i] == thread)
			return true;
	return false;
}

/* Whether all that could still happen is in the trace. */
static bool is_closed_world(const struct ct_waitfor *waitfor)
{
	const struct ct_model *model = waitfor->model;

	if (model->trace->text)
		return true;
	if (model->trace->problem_count || model->trace->unseen_count)
		return false;
	for (size_t i = 0; i < model->thread_count; i++) {
		const struct ct_thread *thread = model->threads[i];

		if (lost_records(model, thread) || thread->process->exited)
			return false;
		if (thread->exited || thread->joined)
			continue;
		if (!is_stuck(waitfor, thread) || !is_closed_wait(&thread->wait))
			return false;
	}
	return true;
}

static enum ct_status report_stuck(const struct ct_waitfor *waitfor, struct ct_findings *findings)
{
	struct ct_finding *finding;

	if (!waitfor->stuck_count || waitfor->cycle_count || !is_closed_world(waitfor))
		return CT_OK;
	finding = add(findings, &stuck, waitfor->stuck_count);
	if (!finding)
		return CT_ENOMEM;
	for (size_t i = 0; i < waitfor->stuck_count; i++)
		finding->steps[i] = wait_of(waitfor->stuck[i]);
	return CT_OK;
}

static enum ct_status report_refused(const struct state *state, struct ct_findings *findings)
{
	for (size_t i = 0; i < state->refused_count; i++) {
		const struct refused *refused = &state->refused[i];
		struct ct_finding *finding = add(findings, &self_deadlock, 1);

		if (!finding)
			return CT_ENOMEM;
		finding->steps[0] = (struct ct_step_of_cycle){
			.thread = refused->thread,
			.waits_for_thread = refused->thread,
			.wanted_at = place_of(refused->thread, refused->stack, refused->time),
			.held_at = place_of(refused->thread, 0, 0),
			.verb = "joins",
		};
		finding->fix = "A thread can only be joined by another one; or detach it.";
	}
	return CT_OK;
}

static enum ct_status finish(void *data, const struct ct_model *model, struct ct_findings *findings)
{
	struct ct_waitfor *waitfor;
	enum ct_status status = ct_waitfor_new(model, &waitfor);

	if (status)
		return status;
	status = ct_waitfor_stuck(waitfor);
	for (size_t i = 0; !status && i < waitfor->cycle_count; i++)
		status = report_cycle(waitfor, findings, &waitfor->cycles[i]);
	if (!status)
		status = report_stuck(waitfor, findings);
	ct_waitfor_free(waitfor);
	return status ? status : report_refused(data, findings);
}

static void end(void *data)
{
	struct state *state = data;

	if (!state)
		return;
	free(state->refused);
	free(state);
}

static const struct ct_rule *const rules[] = {&deadlock, &self_deadlock, &stuck, NULL};

const struct ct_detector ct_detect_deadlock = {
	.name = "deadlock",
	.rules = rules,
	.begin = begin,
	.step = step,
	.finish = finish,
	.end = end,
};
