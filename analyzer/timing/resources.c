#include "timing/resources.h"

#include <string.h>

struct ct_usage ct_usage_unknown(void)
{
	struct ct_usage usage;

	memset(&usage, 0xff, sizeof(usage)); /* CT_TIME_UNKNOWN in each */
	return usage;
}

void ct_usage_read(const struct ct_record *record, struct ct_usage *usage)
{
	struct ct_payload_rusage told;

	if (record->payload_size < sizeof(told))
		return;
	memcpy(&told, record->payload, sizeof(told));
	if (told.user_us > UINT64_MAX / 2000 || told.system_us > UINT64_MAX / 2000)
		return; /* it could not be had, or is damaged */
	usage->user_ns = told.user_us * 1000;
	usage->system_ns = told.system_us * 1000;
	usage->voluntary = told.voluntary;
	usage->involuntary = told.involuntary;
	usage->minor_faults = told.minor_faults;
	usage->major_faults = told.major_faults;
	usage->max_rss_kb = told.max_rss_kb;
}

static void add(uint64_t *sum, uint64_t more)
{
	if (more == CT_TIME_UNKNOWN)
		return;
	*sum = *sum == CT_TIME_UNKNOWN ? more : *sum + more;
}

void ct_usage_add(struct ct_usage *sum, const struct ct_usage *more)
{
	add(&sum->user_ns, more->user_ns);
	add(&sum->system_ns, more->system_ns);
	add(&sum->cpu_ns, more->cpu_ns);
	add(&sum->ready_ns, more->ready_ns);
	add(&sum->voluntary, more->voluntary);
	add(&sum->involuntary, more->involuntary);
	add(&sum->minor_faults, more->minor_faults);
	add(&sum->major_faults, more->major_faults);
	add(&sum->max_rss_kb, more->max_rss_kb);
}

static bool is_counted(const struct ct_usage *usage)
{
	return usage->user_ns != CT_TIME_UNKNOWN;
}

static uint64_t rest(uint64_t whole, uint64_t part)
{
	if (part == CT_TIME_UNKNOWN)
		return whole;
	return whole > part ? whole - part : 0;
}

/* The one thread that the kernel did not count by itself, or NULL. */
static struct ct_timing_thread *uncounted(const struct ct_process *process,
					  struct ct_timing_thread *threads)
{
	struct ct_timing_thread *found = NULL;

	for (size_t i = 0; i < process->thread_count; i++) {
		struct ct_timing_thread *thread = &threads[process->threads[i]->id];

		if (!thread->present || is_counted(&thread->usage))
			continue;
		if (found)
			return NULL;
		found = thread;
	}
	return found;
}

/* All that the process used and its other threads did not. */
static void give_rest(const struct ct_timing_process *process, struct ct_timing_thread *threads,
		      struct ct_timing_thread *last)
{
	const struct ct_usage *whole = &process->usage;
	struct ct_usage others = ct_usage_unknown();

	for (size_t i = 0; i < process->process->thread_count; i++) {
		const struct ct_timing_thread *thread = &threads[process->process->threads[i]->id];

		if (thread != last)
			ct_usage_add(&others, &thread->usage);
	}
	last->usage.user_ns = rest(whole->user_ns, others.user_ns);
	last->usage.system_ns = rest(whole->system_ns, others.system_ns);
	last->usage.voluntary = rest(whole->voluntary, others.voluntary);
	last->usage.involuntary = rest(whole->involuntary, others.involuntary);
	last->usage.minor_faults = rest(whole->minor_faults, others.minor_faults);
	last->usage.major_faults = rest(whole->major_faults, others.major_faults);
}

static bool are_counted(const struct ct_process *process, const struct ct_timing_thread *threads)
{
	for (size_t i = 0; i < process->thread_count; i++) {
		const struct ct_timing_thread *thread = &threads[process->threads[i]->id];

		if (thread->present && thread->usage.cpu_ns == CT_TIME_UNKNOWN)
			return false;
	}
	return true;
}

void ct_usage_settle(struct ct_timing_process *process, struct ct_timing_thread *threads)
{
	struct ct_timing_thread *last = uncounted(process->process, threads);
	struct ct_usage sum = ct_usage_unknown();

	if (is_counted(&process->usage) && last)
		give_rest(process, threads, last);
	for (size_t i = 0; i < process->process->thread_count; i++) {
		struct ct_usage *usage = &threads[process->process->threads[i]->id].usage;

		if (usage->cpu_ns == CT_TIME_UNKNOWN && is_counted(usage))
			usage->cpu_ns = usage->user_ns + usage->system_ns;
		usage->max_rss_kb = CT_TIME_UNKNOWN; /* is its process's */
		ct_usage_add(&sum, usage);
	}
	process->counted = is_counted(&process->usage) || are_counted(process->process, threads);
	process->usage.ready_ns = sum.ready_ns;
	process->usage.cpu_ns = is_counted(&process->usage)
					? process->usage.user_ns + process->usage.system_ns
					: sum.cpu_ns;
}
