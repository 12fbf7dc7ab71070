#include "detect/hang.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "model/kernel_view.h"
#include "model/signals.h"

enum { SIGNALS = 64, SIGNALS_TOLD = 4, PROCESSES_TOLD = 2 };

enum ct_status ct_hang_waitfor(const struct ct_model *model, struct ct_waitfor **out_waitfor)
{
	struct ct_waitfor *waitfor;
	enum ct_status status = ct_waitfor_new(model, &waitfor);

	if (status)
		return status;
	status = ct_waitfor_stuck(waitfor);
	if (status)
		ct_waitfor_free(waitfor);
	else
		*out_waitfor = waitfor;
	return status;
}

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
	case CT_WAIT_DESTROY:
		return "destroys";
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

static const struct ct_outside *outside_of(const struct ct_waitfor *waitfor)
{
	const struct ct_kernel_view *view = waitfor->model->kernel_view;

	return view ? &view->outside : NULL;
}

bool ct_hang_is_withdrawn(const struct ct_waitfor *waitfor, const struct ct_thread *thread)
{
	const struct ct_outside *outside = outside_of(waitfor);

	return waitfor->unless_signal[thread->id] && outside && outside->asked && !outside->stood;
}

/* "SIGINT, SIGTERM or SIGUSR1" */
static void add_signals(struct ct_text *out, uint64_t signals)
{
	int told = 0;

	for (int number = 1; number <= SIGNALS; number++) {
		const char *name = sigabbrev_np(number);

		if (!(signals & (uint64_t)1 << (number - 1)))
			continue;
		signals &= ~((uint64_t)1 << (number - 1));
		ct_text_add(out, told == 0 ? "" : signals && told < SIGNALS_TOLD ? ", " : " or ");
		if (told == SIGNALS_TOLD) {
			ct_text_add(out, "another signal");
			return;
		}
		ct_text_addf(out, "%s%s", name ? "SIG" : "signal ", name ? name : "");
		if (!name)
			ct_text_addf(out, "%d", number);
		told++;
	}
}

/* "no SIGINT comes, which python3 handles" */
static void add_process(struct ct_text *out, const struct ct_waitfor *waitfor,
			const struct ct_process *process)
{
	uint64_t signals = ct_signals_handled(process);

	ct_text_add(out, *ct_text_str(out) ? ", and " : "");
	if (signals) {
		ct_text_add(out, "no ");
		add_signals(out, signals);
		ct_text_addf(out, " comes, which %s handles", process->name);
	}
	if (ct_timer_of(waitfor->model, process) == CT_TIMER_NONE)
		return;
	ct_text_addf(out, "%sthe timer of %s does not end it", signals ? ", and " : "",
		     process->name);
}

/* What could end it, or a wait that it is part of. Of processes alike in name and signals one. */
static bool is_told(const struct ct_waitfor *waitfor, const struct ct_process *process,
		    size_t before)
{
	for (size_t i = 0; i < before; i++) {
		const struct ct_process *other = waitfor->model->processes[i];

		if (!other->exited && strcmp(other->name, process->name) == 0 &&
		    ct_signals_handled(other) == ct_signals_handled(process) &&
		    ct_timer_of(waitfor->model, other) == ct_timer_of(waitfor->model, process))
			return true;
	}
	return false;
}

enum ct_status ct_hang_unless_signal(const struct ct_waitfor *waitfor, struct ct_findings *findings,
				     struct ct_finding *finding)
{
	const struct ct_model *model = waitfor->model;
	const struct ct_outside *outside = outside_of(waitfor);
	struct ct_text text;
	size_t told = 0;

	ct_text_init(&text);
	for (size_t i = 0; i < model->process_count && told < PROCESSES_TOLD; i++) {
		const struct ct_process *process = model->processes[i];

		if (ct_signals_of(model, process) == CT_SIGNALS_NONE ||
		    is_told(waitfor, process, i))
			continue;
		add_process(&text, waitfor, process);
		told++;
	}
	finding->unless_signal = true;
	finding->assumes = ct_arena_printf(&findings->arena, "%s%s%s",
					   finding->assumes ? finding->assumes : "",
					   finding->assumes ? ", and " : "", ct_text_str(&text));
	if (!outside || !outside->stood)
		finding->evidence = CT_POTENTIAL;
	ct_text_fini(&text);
	return finding->assumes ? CT_OK : CT_ENOMEM;
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

const char *ct_hang_doubt_now(const struct ct_model *model, const struct ct_thread *thread)
{
	if (model->trace->threads[thread->id].settled && !has_unseen_code(model, thread->process))
		return NULL;
	return ct_hang_doubt(model, thread);
}

void ct_hang_weaken(struct ct_finding *finding, const char *doubt)
{
	if (!doubt)
		return;
	finding->evidence = CT_POTENTIAL;
	finding->assumes = doubt;
}
