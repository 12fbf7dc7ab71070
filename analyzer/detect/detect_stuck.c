/*
 * Threads wait that nobody is left to wake: no circle of owners stands, but all who could end the
 * waits wait themselves. Told once for all who are stuck together, by the cause that says most.
 */
#include "detect/detector.h"

#include <stdlib.h>

#include "detect/causes.h"
#include "model/one_process.h"
#include "model/orphans.h"
#include "model/traffic.h"

static const struct ct_rule pipe_deadlock = {
	.id = "pipe-deadlock",
	.title = "a pipe is waited for that nobody is left to serve",
	.help = "Close in each process the ends of the pipe that it does not use, at once after "
		"fork; read what a child writes before waiting for its end.",
	.severity = CT_ERROR,
	.family = CT_FAMILY_DEADLOCK,
	.hang = CT_HANG_WHOLE,
};

static const struct ct_rule missing_post = {
	.id = "missing-post",
	.title = "a semaphore is waited for that nobody is left to post",
	.help = "See to it that each wait has its post, also where a thread leaves early or by an "
		"error, and that the first value is right.",
	.severity = CT_ERROR,
	.family = CT_FAMILY_DEADLOCK,
	.hang = CT_HANG_WHOLE,
};

static const struct ct_rule lost_wakeup = {
	.id = "lost-wakeup",
	.title = "a condition was signalled before anybody waited for it",
	.help = "Keep what is waited for in a variable: change it under the mutex before "
		"signalling, "
		"and test it under the same mutex, in a loop, before waiting.",
	.severity = CT_ERROR,
	.family = CT_FAMILY_DEADLOCK,
	.hang = CT_HANG_WHOLE,
};

static const struct ct_rule barrier_mismatch = {
	.id = "barrier-mismatch",
	.title = "fewer threads come to a barrier than it waits for",
	.help = "Give the barrier the number of threads that really come in each round; a thread "
		"that leaves the loop early has to come as often as the others.",
	.severity = CT_ERROR,
	.family = CT_FAMILY_DEADLOCK,
	.hang = CT_HANG_WHOLE,
};

static const struct ct_rule stuck = {
	.id = "stuck",
	.title = "nobody is left who could wake the waiting threads",
	.help = "See to it that some thread still does what ends the wait, and holds nothing "
		"that the one needs who is to do it.",
	.severity = CT_ERROR,
	.family = CT_FAMILY_DEADLOCK,
	.hang = CT_HANG_WHOLE,
};

/* By rank: how much each tells of how it came to it. Who waits for itself comes before who waits
 * for the same and may be its victim. */
static const struct cause {
	const struct ct_rule *rule;
	ct_cause_fn *tell;
} causes[] = {
	{&ct_destroy_busy, ct_cause_destroy},
	{&ct_not_process_shared, ct_cause_shared},
	{&pipe_deadlock, ct_cause_pipe},
	{&pipe_deadlock, ct_cause_pipe},
	{&lost_wakeup, ct_cause_wakeup},
	{&missing_post, ct_cause_post},
	{&missing_post, ct_cause_post},
	{&barrier_mismatch, ct_cause_barrier},
	{&stuck, NULL},
};
enum { DESTROY, SHARED, OWN_PIPE, PIPE, WAKEUP, OWN_POST, POST, BARRIER, STUCK, OWNED };

enum ct_status ct_cause_say(const struct ct_cause *cause, const char *waits, const char *text)
{
	cause->finding->waits = waits;
	cause->finding->because = text;
	return text ? CT_OK : CT_ENOMEM;
}

/* Of a wait whose helpers a text trace names, the call tells what it is for. */
static int rank_of_call(uint16_t event)
{
	switch (event) {
	case CT_EV_SEM_WAIT:
		return POST;
	case CT_EV_READ:
	case CT_EV_WRITE:
		return PIPE;
	default:
		return STUCK;
	}
}

static int rank_of(const struct ct_model *model, const struct ct_thread *thread)
{
	const struct ct_object *object = thread->wait.object;
	uint64_t count, arrived;

	if (ct_gift_in_vain(model, thread))
		return SHARED;
	switch (thread->wait.kind) {
	case CT_WAIT_READ:
	case CT_WAIT_WRITE:
		if (!object || object->kind != CT_OBJECT_PIPE)
			return STUCK;
		return ct_cause_pipe_is_own(model, thread) ? OWN_PIPE : PIPE;
	case CT_WAIT_SEM:
		return ct_cause_own_unit(model, thread) ? OWN_POST : POST;
	case CT_WAIT_COND:
		return ct_cause_lost_signal(thread) ? WAKEUP : STUCK;
	case CT_WAIT_BARRIER:
		return ct_traffic_barrier(model, object, &count, &arrived) ? BARRIER : STUCK;
	case CT_WAIT_DESTROY:
		return DESTROY;
	case CT_WAIT_NAMED:
		return rank_of_call(thread->wait.event);
	default:
		return OWNED;
	}
}

struct group {
	const struct ct_waitfor *waitfor;
	const struct ct_thread **members; /* by id */
	size_t count;
	const struct ct_thread *best; /* whose cause is told */
	int rank;
	bool unless_signal;
	bool told; /* by another rule, or not sure */
};

/* Whether all that was done in the process is known. */
static bool is_known(const struct ct_model *model, const struct ct_process *process)
{
	for (size_t i = 0; i < process->thread_count; i++)
		if (ct_hang_doubt(model, process->threads[i]))
			return false;
	return !process->exited && !model->trace->problem_count;
}

static bool is_in_cycle(const struct ct_waitfor *waitfor, const struct ct_thread *thread)
{
	size_t count;
	const struct ct_waitfor_edge *edges = ct_waitfor_of(waitfor, thread, &count);

	for (size_t i = 0; i < count; i++)
		if (edges[i].in_cycle)
			return true;
	return false;
}

static void look_at(struct group *group, const struct ct_thread *thread)
{
	const struct ct_model *model = group->waitfor->model;
	struct ct_orphan orphan;
	int rank = rank_of(model, thread);

	if (is_in_cycle(group->waitfor, thread) || ct_orphan_of(model, thread, &orphan) ||
	    ct_hang_is_withdrawn(group->waitfor, thread))
		group->told = true;
	group->unless_signal |= group->waitfor->unless_signal[thread->id];
	if (rank > group->rank ||
	    (rank == group->rank && group->best && thread->wait.since >= group->best->wait.since))
		return;
	group->best = thread;
	group->rank = rank;
}

static bool is_step(const struct group *group, const struct ct_thread *thread)
{
	if (group->rank == STUCK)
		return true;
	return thread->wait.object == group->best->wait.object &&
	       (group->rank == DESTROY || thread->wait.kind == group->best->wait.kind);
}

/* The one whose cause is told comes first; of a mere knot they keep their order. */
static void fill_steps(const struct group *group, struct ct_finding *finding)
{
	bool ordered = group->rank != STUCK;

	finding->step_count = 0;
	if (ordered)
		finding->steps[finding->step_count++] = ct_hang_step(group->best);
	for (size_t i = 0; i < group->count; i++) {
		const struct ct_thread *thread = group->members[i];

		if (is_step(group, thread) && !(ordered && thread == group->best))
			finding->steps[finding->step_count++] = ct_hang_step(thread);
	}
}

/* Who is neither at the object nor behind one who is, waits for something else. */
static enum ct_status add_rest(const struct group *group, struct ct_findings *findings,
			       struct ct_finding *finding)
{
	bool *told = calloc(group->waitfor->model->thread_count + 1, sizeof(*told)); /* by id */
	enum ct_status status = told ? CT_OK : CT_ENOMEM;

	for (size_t i = 0; told && i < finding->place_count; i++) {
		const struct ct_place *place = &finding->places[i];

		if (place->thread && place->time == place->thread->wait.since)
			told[place->thread->id] = true;
	}
	for (size_t i = 0; !status && i < group->count; i++) {
		const struct ct_thread *thread = group->members[i];
		struct ct_place place =
			ct_hang_place(thread, thread->wait.stack, thread->wait.since);

		if (told[thread->id] || is_step(group, thread))
			continue;
		place.text = "waits as well";
		status = ct_hang_add_place(findings, finding, place);
	}
	free(told);
	return status;
}

/* What ends such a wait; NULL: the rule's own advice. */
static const char *fix_of(const struct group *group)
{
	const struct ct_object *object = group->best->wait.object;

	if (group->rank != STUCK)
		return NULL;
	for (size_t i = 0; i < group->count; i++) {
		const struct ct_object *other = group->members[i]->wait.object;

		if (other && ct_kind_is_helped(group->members[i]->wait.kind)) {
			object = other;
			break;
		}
	}
	switch (object ? object->kind : CT_OBJECT_KINDS) {
	case CT_OBJECT_COND:
		return "See to it that some thread changes what is waited for and signals, and "
		       "that the waiter holds no other lock that this thread needs.";
	case CT_OBJECT_EVENTFD:
		return "See to it that some thread still writes to the eventfd, also where one "
		       "leaves early or by an error.";
	case CT_OBJECT_SYSV_MSG:
	case CT_OBJECT_MQ:
		return "See to it that each message that is waited for is sent, and that a full "
		       "queue is read by somebody who does not wait for its writer.";
	case CT_OBJECT_SOCKET:
		return "Let one side speak first, and the other read until it has all; close or "
		       "shut down the socket when nothing more will come.";
	default:
		return NULL;
	}
}

static bool is_known_place(const struct ct_finding *finding, const struct ct_thread *thread,
			   const struct ct_held_lock *held)
{
	for (size_t i = 0; i < finding->place_count; i++)
		if (finding->places[i].thread == thread && finding->places[i].time == held->since)
			return true;
	return false;
}

/* What members hold that keeps others of them from going on: a waiter may keep out who would wake
 * it. Each lock once. */
static enum ct_status add_held(const struct group *group, struct ct_findings *findings,
			       struct ct_finding *finding)
{
	const struct ct_waitfor *waitfor = group->waitfor;
	enum ct_status status = CT_OK;

	for (size_t i = 0; !status && i < group->count; i++) {
		size_t count;
		const struct ct_waitfor_edge *edges =
			ct_waitfor_of(waitfor, group->members[i], &count);

		for (size_t k = 0; !status && k < count; k++) {
			struct ct_place place;

			if (edges[k].why != CT_WAITFOR_HOLDS || !edges[k].in_knot ||
			    !edges[k].held || !edges[k].to ||
			    is_known_place(finding, edges[k].to, edges[k].held))
				continue;
			place = ct_hang_place(edges[k].to, edges[k].held->stack,
					      edges[k].held->since);
			place.text = ct_arena_printf(&findings->arena,
						     "holds what %s waits for; it was taken",
						     edges[k].from->name);
			status = place.text ? ct_hang_add_place(findings, finding, place)
					    : CT_ENOMEM;
		}
	}
	return status;
}

static enum ct_status report(const struct group *group, struct ct_findings *findings)
{
	const struct cause *cause = &causes[group->rank];
	struct ct_finding *finding = ct_hang_add(findings, cause->rule, group->count);
	struct ct_cause told = {.model = group->waitfor->model,
				.findings = findings,
				.finding = finding,
				.waiter = group->best};
	enum ct_status status = CT_OK;

	if (!finding)
		return CT_ENOMEM;
	fill_steps(group, finding);
	if (group->unless_signal)
		status = ct_hang_unless_signal(group->waitfor, findings, finding);
	else
		finding->assumes = "no signal and no pthread_cancel comes to their rescue";
	if (!status && cause->tell)
		status = cause->tell(&told);
	if (!finding->fix)
		finding->fix = fix_of(group);
	if (!status)
		status = add_held(group, findings, finding);
	if (!status && group->rank != STUCK)
		status = ct_hang_add_followers(group->waitfor, findings, finding);
	return status ? status : add_rest(group, findings, finding);
}

static enum ct_status report_group(struct group *group, struct ct_findings *findings)
{
	const struct ct_model *model = group->waitfor->model;
	const struct ct_process *process = NULL;

	for (size_t i = 0; i < group->count; i++) {
		look_at(group, group->members[i]);
		if (process != group->members[i]->process) {
			process = group->members[i]->process;
			group->told |= !is_known(model, process);
		}
	}
	return group->told || group->rank == OWNED ? CT_OK : report(group, findings);
}

static int by_group(const void *left, const void *right, void *numbers)
{
	const struct ct_thread *a = *(const struct ct_thread *const *)left;
	const struct ct_thread *b = *(const struct ct_thread *const *)right;
	const uint32_t *group = numbers;

	if (group[a->id] != group[b->id])
		return group[a->id] < group[b->id] ? -1 : 1;
	return a->id < b->id ? -1 : a->id > b->id;
}

static enum ct_status report_groups(const struct ct_waitfor *waitfor, struct ct_findings *findings)
{
	size_t count = waitfor->stuck_count, end;
	const struct ct_thread **threads = calloc(count + 1, sizeof(struct ct_thread *));
	enum ct_status status = threads ? CT_OK : CT_ENOMEM;

	for (size_t i = 0; threads && i < count; i++)
		threads[i] = waitfor->stuck[i];
	if (threads)
		qsort_r(threads, count, sizeof(struct ct_thread *), by_group, waitfor->group);
	for (size_t first = 0; !status && first < count; first = end) {
		uint32_t number = waitfor->group[threads[first]->id];
		struct group group = {.waitfor = waitfor,
				      .members = &threads[first],
				      .unless_signal = waitfor->others_may_live &&
						       !waitfor->model->trace->text,
				      .rank = OWNED};

		for (end = first; end < count && waitfor->group[threads[end]->id] == number;)
			end++;
		group.count = end - first;
		status = report_group(&group, findings);
	}
	free(threads);
	return status;
}

/* Whoever is left may end a process that is parked, as its parent does when it is no longer needed.
 * A text trace is a closed world, without such ends. */
static bool goes_on(const struct ct_waitfor *waitfor)
{
	return waitfor->others_live && !waitfor->model->trace->text;
}

static enum ct_status finish(void *data, const struct ct_model *model, struct ct_findings *findings)
{
	struct ct_waitfor *waitfor;
	enum ct_status status = ct_hang_waitfor(model, &waitfor);

	(void)data;
	if (status)
		return status;
	if (!goes_on(waitfor))
		status = report_groups(waitfor, findings);
	ct_waitfor_free(waitfor);
	return status;
}

static const struct ct_rule *const rules[] = {&pipe_deadlock,	 &missing_post, &lost_wakeup,
					      &barrier_mismatch, &stuck,	NULL};

const struct ct_detector ct_detect_stuck = {
	.name = "stuck",
	.rules = rules,
	.finish = finish,
};
