/* Who did the work of a program, in what mode, and what bounded each thread. */
#include <stdlib.h>

#include "timing/parts.h"

enum { SMALL_PERCENT = 10, MOST_PERCENT = 50, ALL_PERCENT = 90 };
/* In a shorter life, what starting and ending takes is most of it. */
static const uint64_t short_life_ns = 1000000;

const char *ct_timing_mode_name(enum ct_timing_mode mode)
{
	static const char *const names[] = {
		[CT_SERIAL] = "serial",
		[CT_THREADS] = "threads",
		[CT_PROCESSES] = "processes",
		[CT_THREADS_AND_PROCESSES] = "threads and processes",
	};

	return names[mode];
}

static uint64_t life_of(const struct ct_timing_thread *thread)
{
	return thread->end_ns - thread->begin_ns;
}

static uint64_t less(uint64_t value, uint64_t part)
{
	return value > part ? value - part : 0;
}

/* Without the time for which a busy machine lets it wait for a processor. */
static uint64_t unhindered(const struct ct_timing_thread *thread, uint64_t time_ns)
{
	uint64_t ready_ns = thread->usage.ready_ns;

	return ready_ns == CT_TIME_UNKNOWN ? time_ns : less(time_ns, ready_ns);
}

/* All threads together, to compare one with the others. */
struct sums {
	uint64_t life_ns, unhindered_ns, cpu_ns;
	size_t count;
};

static struct sums sum_up(const struct ct_timing *timing)
{
	struct sums sums = {0};

	for (size_t i = 0; i < timing->thread_count; i++) {
		const struct ct_timing_thread *thread = &timing->threads[i];

		if (!thread->present)
			continue;
		sums.count++;
		sums.life_ns += life_of(thread);
		sums.unhindered_ns += unhindered(thread, life_of(thread));
		if (thread->usage.cpu_ns != CT_TIME_UNKNOWN)
			sums.cpu_ns += thread->usage.cpu_ns;
	}
	return sums;
}

/* Whether `value` is small beside the mean of the others, of which there is one at least. */
static bool is_small(uint64_t value, uint64_t sum, uint64_t own, size_t others)
{
	uint64_t mean = (sum - own) / others;

	return (double)value * 100 < (double)mean * SMALL_PERCENT;
}

/* Waits of one who has others do the work: until they end, or tell that they are done. */
static uint64_t waits_for_others(const struct ct_timing_thread *thread)
{
	static const enum ct_activity waits[] = {
		CT_WAITS_JOIN,	    CT_WAITS_CHILD, CT_WAITS_CONDITION, CT_WAITS_BARRIER,
		CT_WAITS_SEMAPHORE, CT_WAITS_PIPE,  CT_WAITS_MESSAGE,	CT_WAITS_POLL,
	};
	uint64_t sum = thread->lent_ns;

	for (size_t i = 0; i < sizeof(waits) / sizeof(waits[0]); i++)
		sum += thread->by_activity[waits[i]];
	return sum;
}

/* Mostly waits for those that it has started, or was gone long before them. */
static bool leaves_it_to_others(const struct ct_timing_thread *thread, const struct sums *sums,
				size_t others)
{
	uint64_t life_ns = life_of(thread);

	return (double)waits_for_others(thread) * 100 >= (double)life_ns * MOST_PERCENT ||
	       is_small(less(life_ns, thread->alone_ns), sums->life_ns, life_ns, others);
}

/* Does nothing but wait until those that it has started end: one after the other, each of them may
 * be short beside the time that starting them all takes. */
static bool waits_for_ends(const struct ct_timing_thread *thread)
{
	uint64_t waits_ns = thread->by_activity[CT_WAITS_JOIN] +
			    thread->by_activity[CT_WAITS_CHILD] + thread->lent_ns;

	return (double)waits_ns * 100 >= (double)life_of(thread) * ALL_PERCENT;
}

/* Of one that has started others: it does no more than that if it leaves the work to them, and from
 * then on neither computed as they did nor was busy for long beside their lives. */
static bool only_starts(const struct ct_timing_thread *thread, const struct sums *sums)
{
	uint64_t busy_ns = less(thread->by_activity[CT_RUNS], thread->alone_ns + thread->lent_ns);
	uint64_t cpu_ns = thread->usage.cpu_ns;
	size_t others = sums->count - 1;

	if (!others || !leaves_it_to_others(thread, sums, others))
		return false;
	if (waits_for_ends(thread))
		return true;
	if (is_small(unhindered(thread, busy_ns), sums->unhindered_ns,
		     unhindered(thread, life_of(thread)), others))
		return true;
	return cpu_ns != CT_TIME_UNKNOWN &&
	       is_small(less(cpu_ns, thread->alone_ns), sums->cpu_ns, cpu_ns, others);
}

/* Whether there is evidence of what it did while it ran: computed, was ready, or was in calls that
 * are not recorded. */
static bool is_known(const struct ct_timing_thread *thread, double half_ns)
{
	uint64_t cpu_ns = thread->usage.cpu_ns;

	if (cpu_ns == CT_TIME_UNKNOWN || life_of(thread) < short_life_ns)
		return false;
	return thread->unseen_ns != CT_TIME_UNKNOWN || (double)cpu_ns >= half_ns;
}

static enum ct_bound bound_of(const struct ct_timing_thread *thread)
{
	uint64_t by_bound[] = {[CT_BOUND_CPU] = 0, [CT_BOUND_IO] = 0, [CT_BOUND_OTHERS] = 0};
	uint64_t unseen_ns = thread->unseen_ns == CT_TIME_UNKNOWN ? 0 : thread->unseen_ns;
	/* Who waits for the interpreter lock wants to go on in the interpreter: what else it does
	 * tells what it is like. */
	uint64_t own_ns = less(life_of(thread), thread->by_activity[CT_WAITS_INTERPRETER]);
	double half = (double)own_ns * MOST_PERCENT / 100;

	if ((double)thread->by_activity[CT_RUNS] >= half && !is_known(thread, half))
		return CT_BOUND_UNKNOWN;
	for (size_t i = 0; i < CT_ACTIVITIES; i++)
		by_bound[ct_activity_bound((enum ct_activity)i)] += thread->by_activity[i];
	by_bound[CT_BOUND_CPU] -= unseen_ns;
	/* what children do that the trace does not have nobody knows */
	by_bound[CT_BOUND_OTHERS] -=
		thread->strangers_ns + thread->by_activity[CT_WAITS_INTERPRETER];
	by_bound[CT_BOUND_IO] += unseen_ns + thread->strangers_ns;
	for (enum ct_bound bound = CT_BOUND_CPU; bound < CT_BOUND_MIXED; bound++)
		if ((double)by_bound[bound] >= half)
			return bound;
	return CT_BOUND_MIXED;
}

/* Marks those who have started others: nobody else can be one who does not work itself. */
static void mark_starters(struct ct_timing *timing)
{
	for (size_t i = 0; i < timing->thread_count; i++)
		timing->threads[i].worker = false;
	for (size_t i = 0; i < timing->thread_count; i++)
		if (timing->threads[i].present && timing->threads[i].thread->creator)
			timing->threads[timing->threads[i].thread->creator->id].worker = true;
}

static void classify_process(struct ct_timing *timing, struct ct_timing_process *process,
			     const struct sums *sums)
{
	for (size_t i = 0; i < process->process->thread_count; i++) {
		struct ct_timing_thread *thread =
			&timing->threads[process->process->threads[i]->id];
		bool starter = thread->worker;

		thread->bound = bound_of(thread);
		thread->worker = thread->present && !(starter && only_starts(thread, sums));
		process->worker |= thread->worker;
		timing->workers += thread->worker;
	}
}

/* A single process that does the work is one of several only if it was forked for that: another
 * program may just have been started by a shell. */
static enum ct_timing_mode mode_of(const struct ct_timing *timing)
{
	bool threads = false, forked = false;
	size_t processes = 0;

	for (size_t i = 0; i < timing->thread_count; i++)
		threads |= timing->threads[i].worker && timing->threads[i].thread->number != 1;
	for (size_t i = 0; i < timing->process_count; i++) {
		processes += timing->processes[i].worker;
		forked |= i > 0 && timing->processes[i].worker &&
			  timing->model->trace->processes[i].images <= 1;
	}
	if (threads)
		return processes > 1 || forked ? CT_THREADS_AND_PROCESSES : CT_THREADS;
	return processes > 1 || forked ? CT_PROCESSES : CT_SERIAL;
}

void ct_timing_classify(struct ct_timing *timing)
{
	const struct sums sums = sum_up(timing);

	timing->workers = 0;
	mark_starters(timing);
	for (size_t i = 0; i < timing->process_count; i++)
		classify_process(timing, &timing->processes[i], &sums);
	timing->mode = mode_of(timing);
}
