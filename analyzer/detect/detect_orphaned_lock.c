/*
 * A thread waits for a lock that nobody is left to give back. That stands for ever, whatever other
 * threads do: it needs no look at them.
 */
#include "detect/detector.h"

#include "detect/hang.h"
#include "model/orphans.h"
#include "model/process_end.h"

static const struct ct_rule orphaned_lock = {
	.id = "orphaned-lock",
	.title = "a lock is waited for whose holder is gone",
	.help = "Give the lock back on every way out of the thread (pthread_cleanup_push for its "
		"cancellation), or make the mutex robust.",
	.severity = CT_ERROR,
	.family = CT_FAMILY_MISUSE,
	.hang = CT_HANG_OWNED,
};

static const char *fix_of(enum ct_orphan_how how)
{
	switch (how) {
	case CT_ORPHAN_FORK:
		return "After fork in a program with threads, call only exec and async-signal-safe "
		       "functions in the child; or take the lock around fork (pthread_atfork).";
	case CT_ORPHAN_PROCESS_ENDED:
	case CT_ORPHAN_EXEC:
		return "Make a mutex that processes share robust (pthread_mutexattr_setrobust), "
		       "and give it back before the process ends or runs another program.";
	case CT_ORPHAN_THREAD_ENDED:
		break;
	}
	return NULL; /* the rule's help */
}

static const char *because_of(struct ct_findings *findings, const struct ct_orphan *orphan)
{
	static const char *const hows[] = {
		[CT_ORPHAN_THREAD_ENDED] = "held when it ended",
		[CT_ORPHAN_PROCESS_ENDED] = "held when its process ended",
		[CT_ORPHAN_EXEC] = "held when its process began to run another program",
		[CT_ORPHAN_FORK] = "held when fork copied it into this process",
	};

	return ct_arena_printf(&findings->arena, ", which %s %s", orphan->holder->name,
			       hows[orphan->how]);
}

/* Of a program that has ended, what waited while it ran already, whatever ended it. Of two
 * processes, the holder's may have been the last to end. */
static bool waits_for_orphan(const struct ct_model *model, const struct ct_thread *waiter,
			     struct ct_orphan *out)
{
	return ct_orphan_of(model, waiter, out) &&
	       (!waiter->process->exited || out->how != CT_ORPHAN_PROCESS_ENDED);
}

static bool is_first_of_lock(const struct ct_waitfor *waitfor, size_t index)
{
	struct ct_orphan orphan;

	for (size_t i = 0; i < index; i++)
		if (waitfor->stuck[i]->wait.object == waitfor->stuck[index]->wait.object &&
		    waits_for_orphan(waitfor->model, waitfor->stuck[i], &orphan))
			return false;
	return true;
}

static enum ct_status add_origin(struct ct_findings *findings, struct ct_finding *finding,
				 const struct ct_orphan *orphan)
{
	struct ct_place place = ct_hang_place(orphan->holder, orphan->stack, orphan->since);
	enum ct_status status;

	place.text = "took it, and never gave it back";
	if (orphan->forker)
		place.text = "took it, and had it at the time of the fork";
	status = ct_hang_add_place(findings, finding, place);
	if (status || !orphan->forker)
		return status;
	place = ct_hang_place(orphan->forker, orphan->fork_stack, orphan->fork_time);
	place.text = "forked";
	return ct_hang_add_place(findings, finding, place);
}

static enum ct_status report(const struct ct_waitfor *waitfor, struct ct_findings *findings,
			     size_t first, const struct ct_orphan *orphan)
{
	const struct ct_object *lock = waitfor->stuck[first]->wait.object;
	struct ct_finding *finding =
		ct_hang_add(findings, &orphaned_lock, waitfor->stuck_count - first);
	bool unless_signal = false, in_the_way = false;
	struct ct_orphan same;
	enum ct_status status;

	if (!finding)
		return CT_ENOMEM;
	finding->step_count = 0;
	for (size_t i = first; i < waitfor->stuck_count; i++) {
		const struct ct_thread *waiter = waitfor->stuck[i];

		if (waiter->wait.object != lock || !waits_for_orphan(waitfor->model, waiter, &same))
			continue;
		finding->steps[finding->step_count++] = ct_hang_step(waiter);
		unless_signal |= waitfor->unless_signal[waiter->id];
		in_the_way |= !ct_process_ended_itself(waiter->process);
		ct_hang_weaken(finding, ct_hang_doubt(waitfor->model, waiter));
	}
	ct_hang_weaken(finding, ct_hang_doubt(waitfor->model, orphan->holder));
	if (!in_the_way) /* the program could do without those who wait */
		finding->severity = CT_WARNING;
	finding->waits = "for";
	finding->because = because_of(findings, orphan);
	finding->fix = fix_of(orphan->how);
	if (!finding->because)
		return CT_ENOMEM;
	status = unless_signal ? ct_hang_unless_signal(waitfor, findings, finding) : CT_OK;
	if (status == CT_OK)
		status = add_origin(findings, finding, orphan);
	return status ? status : ct_hang_add_followers(waitfor, findings, finding);
}

static enum ct_status finish(void *data, const struct ct_model *model, struct ct_findings *findings)
{
	struct ct_waitfor *waitfor;
	enum ct_status status = ct_hang_waitfor(model, &waitfor);

	(void)data;
	if (status)
		return status;
	for (size_t i = 0; !status && i < waitfor->stuck_count; i++) {
		struct ct_orphan orphan;

		if (waits_for_orphan(model, waitfor->stuck[i], &orphan) &&
		    is_first_of_lock(waitfor, i) &&
		    !ct_hang_is_withdrawn(waitfor, waitfor->stuck[i]))
			status = report(waitfor, findings, i, &orphan);
	}
	ct_waitfor_free(waitfor);
	return status;
}

static const struct ct_rule *const rules[] = {&orphaned_lock, NULL};

const struct ct_detector ct_detect_orphaned_lock = {
	.name = "orphaned_lock",
	.rules = rules,
	.finish = finish,
};
