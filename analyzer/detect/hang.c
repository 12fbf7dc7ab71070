#include "detect/hang.h"

#include <stdlib.h>
#include <string.h>

struct ct_place ct_hang_place(const struct ct_thread *thread, uint32_t stack, uint64_t time)
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

struct ct_step_of_cycle ct_hang_step(const struct ct_thread *thread)
{
	const struct ct_wait *wait = &thread->wait;

	return (struct ct_step_of_cycle){
		.thread = thread,
		.wants = wait->object,
		.waits_for_thread = wait->thread,
		.waits_for_process = wait->process,
		.wanted_at = ct_hang_place(thread, wait->stack, wait->since),
		.held_at = ct_hang_place(thread, 0, 0),
		.verb = verb_of(wait),
	};
}

struct ct_finding *ct_hang_add(struct ct_findings *findings, const struct ct_rule *rule,
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

/* Room is doubled where the number of places is a power of two; the arena keeps the old ones. */
enum ct_status ct_hang_add_place(struct ct_findings *findings, struct ct_finding *finding,
				 struct ct_place place)
{
	size_t count = finding->place_count;

	if ((count & (count - 1)) == 0) {
		struct ct_place *more =
			ct_arena_calloc(&findings->arena, count ? 2 * count : 1, sizeof(*more));

		if (!more)
			return CT_ENOMEM;
		if (count)
			memcpy(more, finding->places, count * sizeof(*more));
		finding->places = more;
	}
	finding->places[finding->place_count++] = place;
	return CT_OK;
}

/* Whether the edge leads to one of those behind whom `from` is stuck. */
static bool leads_to(const struct ct_waitfor_edge *edge, const bool *behind)
{
	if (edge->why == CT_WAITFOR_HELPER || edge->why == CT_WAITFOR_ORPHAN || !edge->in_knot ||
	    edge->in_cycle)
		return false;
	if (edge->to)
		return behind[edge->to->id];
	for (size_t i = 0; edge->process && i < edge->process->thread_count; i++)
		if (behind[edge->process->threads[i]->id])
			return true;
	return false;
}

enum ct_status ct_hang_add_followers(const struct ct_waitfor *waitfor, struct ct_findings *findings,
				     struct ct_finding *finding)
{
	bool *behind = calloc(waitfor->model->thread_count + 1, sizeof(*behind)), changed = true;
	enum ct_status status = behind ? CT_OK : CT_ENOMEM;

	for (size_t i = 0; !status && i < finding->step_count; i++)
		behind[finding->steps[i].thread->id] = true;
	while (!status && changed) {
		changed = false;
		for (size_t i = 0; !status && i < waitfor->edge_count; i++) {
			const struct ct_thread *from = waitfor->edges[i].from;
			struct ct_place place =
				ct_hang_place(from, from->wait.stack, from->wait.since);

			if (behind[from->id] || !leads_to(&waitfor->edges[i], behind))
				continue;
			behind[from->id] = changed = true;
			place.text = "is stuck behind them";
			status = ct_hang_add_place(findings, finding, place);
		}
	}
	free(behind);
	return status;
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

const char *ct_hang_doubt(const struct ct_model *model, const struct ct_thread *thread)
{
	/* what a thread did last may be among the records that were lost */
	if (model->trace->threads[thread->id].discarded)
		return "the records that these threads lost changed nothing";
	if (has_unseen_code(model, thread->process))
		return "code whose calls are not seen did nothing to these locks";
	return NULL;
}

void ct_hang_weaken(struct ct_finding *finding, const char *doubt)
{
	if (!doubt)
		return;
	finding->evidence = CT_POTENTIAL;
	finding->assumes = doubt;
}
