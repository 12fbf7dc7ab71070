#include "live/verdict.h"

static bool is_hang(const struct ct_finding *finding, bool whole)
{
	enum ct_hang_proof proof = finding->rule->hang;

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
	if (thread->wait.kind == CT_WAIT_NONE || thread->exited || thread->process->exited)
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

const struct ct_finding *ct_verdict_find(const struct ct_findings *findings,
					 const struct ct_scan *scan, bool whole)
{
	for (size_t i = 0; i < findings->count; i++)
		if (is_hang(findings->items[i], whole) && stands(findings->items[i], scan))
			return findings->items[i];
	return NULL;
}

uint64_t ct_verdict_since(const struct ct_finding *finding)
{
	bool whole = finding->rule->hang == CT_HANG_WHOLE;
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
