#include "live/verdict.h"

#include <string.h>

#include "live/outside.h"

/* The rules that say that threads never go on. Of some, one look at who owns what is enough; the
 * others also say that nobody is left who could help. */
static const struct {
	const char *id;
	bool ownership;
} rules[] = {
	{"deadlock", true},	     {"self-deadlock", true}, {"orphaned-lock", true},
	{"lost-wakeup", false},	     {"missing-post", false}, {"pipe-deadlock", false},
	{"barrier-mismatch", false}, {"stuck", false},
};

static bool is_hang(const struct ct_finding *finding, bool whole)
{
	if (finding->evidence != CT_OBSERVED || finding->severity != CT_ERROR)
		return false;
	for (size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++)
		if (strcmp(finding->rule->id, rules[i].id) == 0)
			return whole || rules[i].ownership;
	return false;
}

static bool is_connected_outside(const struct ct_scan *scan, const struct ct_wait *wait)
{
	bool pipe = wait->object && wait->object->kind == CT_OBJECT_PIPE;

	return pipe && (wait->kind == CT_WAIT_READ || wait->kind == CT_WAIT_WRITE) &&
	       ct_outside_holds(scan, wait->object->address);
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
	       ct_scan_agrees(now, ct_scan_state(now)) &&
	       !is_connected_outside(scan, &thread->wait);
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
	uint64_t since = 0;

	for (size_t i = 0; i < finding->step_count; i++)
		if (finding->steps[i].thread && finding->steps[i].thread->wait.since > since)
			since = finding->steps[i].thread->wait.since;
	return since;
}
