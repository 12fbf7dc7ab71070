#include "live/verdict.h"

static bool is_hang(const struct ct_finding *finding, bool whole)
{
	enum ct_hang_proof proof = ct_finding_hang(finding);

	return finding->evidence == CT_OBSERVED && finding->severity == CT_ERROR &&
	       (proof == CT_HANG_OWNED || (whole && proof == CT_HANG_WHOLE));
}

/* Whether the thread is in the wait that the step tells of, and has not moved. */
static bool step_stands(const struct ct_step_of_cycle *step, const struct ct_scan *scan)
{
	const struct ct_thread *thread = step->thread;
	const struct ct_scan_thread *now;

	if (!thread)
		return true;
	if (thread->wait.kind == CT_WAIT_NONE || thread->exited)
		return false;
	if (scan && thread->process->exited)
		return false;
	if (step->wanted_at.time && step->wanted_at.time != thread->wait.since)
		return false;
	if (!scan)
		return true;
	now = ct_scan_find(scan, thread->process->number, thread->number);
	return now && now->steady && ct_scan_waits(now) && now->since == thread->wait.since &&
	       ct_scan_agrees(now, ct_scan_state(now));
}

static bool stands(const struct ct_finding *finding, const struct ct_scan *scan)
{
	for (size_t i = 0; i < finding->step_count; i++)
		if (!step_stands(&finding->steps[i], scan))
			return false;
	return finding->step_count > 0;
}

static const struct ct_thread *thread_like(const struct ct_thread *thread,
					   const struct ct_model *model)
{
	for (size_t i = 0; i < model->thread_count; i++)
		if (model->threads[i]->number == thread->number &&
		    model->threads[i]->process->number == thread->process->number)
			return model->threads[i];
	return NULL;
}

const struct ct_finding *ct_verdict_find(const struct ct_findings *findings,
					 const struct ct_scan *scan, bool whole)
{
	const struct ct_finding *signalled = NULL;

	for (size_t i = 0; i < findings->count; i++) {
		const struct ct_finding *finding = findings->items[i];

		if (!is_hang(finding, whole) || !stands(finding, scan))
			continue;
		if (!finding->unless_signal)
			return finding;
		if (!signalled)
			signalled = finding;
	}
	return signalled;
}

bool ct_verdict_stood(const struct ct_finding *finding, const struct ct_scan *end)
{
	for (size_t i = 0; i < finding->step_count; i++) {
		const struct ct_thread *thread = finding->steps[i].thread;
		const struct ct_scan_thread *last =
			thread ? ct_scan_find(end, thread->process->number, thread->number) : NULL;

		if (last && ct_scan_waits(last) && last->since == thread->wait.since)
			return true;
	}
	return false;
}

bool ct_verdict_stayed(const struct ct_finding *finding, const struct ct_model *model)
{
	for (size_t i = 0; i < finding->step_count; i++) {
		const struct ct_thread *before = finding->steps[i].thread, *now;

		now = before ? thread_like(before, model) : NULL;
		if (!now || now->wait.kind == CT_WAIT_NONE || now->wait.since != before->wait.since)
			return false;
	}
	return true;
}

static bool says_the_same(const struct ct_finding *finding, const struct ct_finding *other,
			  const struct ct_thread *thread)
{
	if (other->rule != finding->rule || other->evidence != finding->evidence ||
	    other->unless_signal != finding->unless_signal ||
	    other->step_count != finding->step_count)
		return false;
	for (size_t i = 0; i < other->step_count; i++)
		if (other->steps[i].thread == thread)
			return true;
	return false;
}

const struct ct_finding *ct_verdict_again(const struct ct_finding *finding,
					  const struct ct_findings *findings,
					  const struct ct_model *model)
{
	const struct ct_thread *first;

	if (!finding->step_count || !ct_verdict_stayed(finding, model))
		return NULL;
	first = thread_like(finding->steps[0].thread, model);
	for (size_t i = 0; i < findings->count; i++)
		if (says_the_same(finding, findings->items[i], first))
			return findings->items[i];
	return NULL;
}

uint64_t ct_verdict_since(const struct ct_finding *finding)
{
	bool whole = ct_finding_hang(finding) == CT_HANG_WHOLE;
	uint64_t since = 0;

	for (size_t i = 0; i < finding->step_count; i++)
		if (finding->steps[i].thread && finding->steps[i].thread->wait.since > since)
			since = finding->steps[i].thread->wait.since;
	/* else until the last of all waited, who may be told of beside the cause */
	for (size_t i = 0; whole && i < finding->place_count; i++)
		if (finding->places[i].time > since)
			since = finding->places[i].time;
	return since;
}
