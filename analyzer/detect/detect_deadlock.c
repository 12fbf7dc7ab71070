#include "detect/detector.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "detect/handler_call.h"
#include "detect/hang.h"
#include "model/handler.h"

static const struct ct_rule deadlock = {
	.id = "deadlock",
	.title = "threads wait for each other in a circle",
	.help = "Break the circle: take the locks in one order, or join before taking them.",
	.severity = CT_ERROR,
	.family = CT_FAMILY_DEADLOCK,
	.hang = CT_HANG_OWNED,
};

static const struct ct_rule self_deadlock = {
	.id = "self-deadlock",
	.title = "a thread waits for itself",
	.help = "Release the lock before taking it again, or make the mutex recursive.",
	.severity = CT_ERROR,
	.family = CT_FAMILY_DEADLOCK,
	.hang = CT_HANG_OWNED,
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

/* NULL: the rule's own advice, which is for mutexes. */
static const char *fix_of(const struct ct_wait *wait)
{
	if (wait->kind == CT_WAIT_LOCK && wait->object && wait->object->kind == CT_OBJECT_RWLOCK)
		return "Give the lock back before asking for it again: a read-write lock cannot "
		       "be upgraded.";
	if (wait->kind == CT_WAIT_FILE_LOCK)
		return "Lock a file through one descriptor, or its duplicates: files that were "
		       "opened apart exclude each other, also in one process.";
	if (wait->kind == CT_WAIT_ONCE)
		return "Take what asks for the initialisation out of it: it cannot wait for "
		       "itself.";
	return NULL;
}

/* What other programs could give back as well. */
static bool is_shared_semaphore(const struct ct_object *object)
{
	return object && !object->process &&
	       (object->kind == CT_OBJECT_SEM || object->kind == CT_OBJECT_SYSV_SEM);
}

/* What threads hold is written down again and again; who took a semaphore, or is whose child, is
 * known from all that was recorded. */
static bool is_told_at_the_end(const struct ct_waitfor_edge *edge)
{
	if (edge->why == CT_WAITFOR_HOLDS || edge->why == CT_WAITFOR_AHEAD)
		return edge->object && ct_kind_is_lock(edge->object->kind) &&
		       edge->object->kind != CT_OBJECT_USER_LOCK;
	return edge->why == CT_WAITFOR_JOINED;
}

static void weaken(const struct ct_model *model, struct ct_finding *finding,
		   const struct ct_waitfor_edge *edge)
{
	if (is_told_at_the_end(edge)) {
		ct_hang_weaken(finding, ct_hang_doubt_now(model, edge->from));
		return;
	}
	ct_hang_weaken(finding, ct_hang_doubt(model, edge->from));
	if (edge->to)
		ct_hang_weaken(finding, ct_hang_doubt(model, edge->to));
}

/* Each step holds what the one before it wants. */
static void fill_cycle(const struct ct_waitfor *waitfor, struct ct_finding *finding,
		       const struct ct_waitfor_cycle *cycle)
{
	for (size_t i = 0; i < cycle->length; i++) {
		const struct ct_waitfor_edge *edge = cycle->edges[i];
		const struct ct_waitfor_edge *before =
			cycle->edges[(i + cycle->length - 1) % cycle->length];
		struct ct_step_of_cycle *step = &finding->steps[i];

		*step = ct_hang_step(edge->from);
		if (edge->why == CT_WAITFOR_HOLDS && edge->object)
			step->wants = edge->object;
		if (is_shared_semaphore(edge->object) && !finding->assumes)
			finding->assumes = "no program outside of the trace posts the semaphores";
		if (edge->why == CT_WAITFOR_CHILD)
			step->waits_for_process = edge->process;
		if (before->why == CT_WAITFOR_HOLDS)
			step->holds = before->object ? before->object : before->from->wait.object;
		step->ahead = before->why == CT_WAITFOR_AHEAD;
		if (before->held)
			step->held_at =
				ct_hang_place(edge->from, before->held->stack, before->held->since);
		weaken(waitfor->model, finding, edge);
	}
}

/* The handler that stands in the way of itself: what it interrupted holds the lock. */
static enum ct_status report_handler(struct ct_findings *findings, const struct ct_finding *self)
{
	const struct ct_step_of_cycle *step = &self->steps[0];
	struct ct_handler handler;
	struct ct_finding *finding;
	struct ct_place place;
	const char *name;

	if (!step->holds || !ct_handler_of(step->thread, &handler) ||
	    step->held_at.time >= handler.time || step->wanted_at.time < handler.time)
		return CT_OK;
	finding = ct_hang_add(findings, &ct_rule_in_handler, 1);
	if (!finding)
		return CT_ENOMEM;
	name = sigabbrev_np((int)handler.signal);
	finding->evidence = self->evidence;
	finding->assumes = self->assumes;
	finding->unless_signal = self->unless_signal;
	finding->steps[0] = *step;
	finding->waits = "for";
	finding->because = ct_arena_printf(&findings->arena,
					   " in its handler of %s%s, which interrupted it while it "
					   "held that lock",
					   name ? "SIG" : "a signal", name ? name : "");
	place = ct_hang_place(step->thread, 0, handler.time);
	place.text = "was interrupted by the signal";
	return finding->because ? ct_hang_add_place(findings, finding, place) : CT_ENOMEM;
}

static enum ct_status report_cycle(const struct ct_waitfor *waitfor, struct ct_findings *findings,
				   const struct ct_waitfor_cycle *cycle)
{
	const struct ct_rule *rule = cycle->length == 1 ? &self_deadlock : &deadlock;
	struct ct_finding *finding = ct_hang_add(findings, rule, cycle->length);
	bool unless_signal = false;
	enum ct_status status;

	if (!finding)
		return CT_ENOMEM;
	for (size_t i = 0; i < cycle->length; i++)
		unless_signal |= waitfor->unless_signal[cycle->edges[i]->from->id];
	fill_cycle(waitfor, finding, cycle);
	status = unless_signal ? ct_hang_unless_signal(waitfor, findings, finding) : CT_OK;
	if (status == CT_OK)
		status = ct_hang_add_followers(waitfor, findings, finding);
	if (status || rule != &self_deadlock)
		return status;
	finding->fix = fix_of(&cycle->edges[0]->from->wait);
	return report_handler(findings, finding);
}

static bool is_withdrawn(const struct ct_waitfor *waitfor, const struct ct_waitfor_cycle *cycle)
{
	for (size_t i = 0; i < cycle->length; i++)
		if (ct_hang_is_withdrawn(waitfor, cycle->edges[i]->from))
			return true;
	return false;
}

static enum ct_status report_refused(const struct state *state, struct ct_findings *findings)
{
	for (size_t i = 0; i < state->refused_count; i++) {
		const struct refused *refused = &state->refused[i];
		struct ct_finding *finding = ct_hang_add(findings, &self_deadlock, 1);

		if (!finding)
			return CT_ENOMEM;
		finding->steps[0] = (struct ct_step_of_cycle){
			.thread = refused->thread,
			.waits_for_thread = refused->thread,
			.wanted_at = ct_hang_place(refused->thread, refused->stack, refused->time),
			.held_at = ct_hang_place(refused->thread, 0, 0),
			.verb = "joins",
		};
		finding->fix = "A thread can only be joined by another one; or detach it.";
	}
	return CT_OK;
}

static enum ct_status finish(void *data, const struct ct_model *model, struct ct_findings *findings)
{
	struct ct_waitfor *waitfor;
	enum ct_status status = ct_hang_waitfor(model, &waitfor);

	if (status)
		return status;
	for (size_t i = 0; !status && i < waitfor->cycle_count; i++)
		if (!is_withdrawn(waitfor, &waitfor->cycles[i]))
			status = report_cycle(waitfor, findings, &waitfor->cycles[i]);
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

static const struct ct_rule *const rules[] = {&deadlock, &self_deadlock, NULL};

static const int wants[] = {CT_EFFECT_FAILURE, CT_WANTS_END};

const struct ct_detector ct_detect_deadlock = {
	.name = "deadlock",
	.rules = rules,
	.wants = wants,
	.begin = begin,
	.step = step,
	.finish = finish,
	.end = end,
};
