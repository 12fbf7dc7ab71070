/* Advice on making threads and processes. */
#include <stdlib.h>

#include "timing/advice.h"

/* Of few threads, the making is not worth a word. */
enum { MANY_CREATED = 8 };
/* To make a thread costs about as much again when it ends; with the switches between, one that
 * works less than this many times as long does as much housekeeping as work. */
static const double worth_creating = 5;
/* Of the elapsed time: what could be gained at most. */
static const double creation_share = 0.10;
/* From the call that makes a thread or process to its first instruction, without waiting for a
 * processor. */
struct creation {
	uint64_t from_ns, to_ns;
};

/* What was made, be it threads or processes. */
struct created {
	struct creation *list; /* owned */
	size_t count;
	double creation_ns, cpu_ns;
};

/* Who waits for a processor does so however it is started: the part of a creation that this takes
 * is as large as it is afterwards, of the time in which it could compute. */
static uint64_t unhindered(uint64_t creation_ns, const struct ct_usage *usage)
{
	double cpu_ns = (double)usage->cpu_ns, ready_ns = (double)usage->ready_ns;

	if (usage->ready_ns == CT_TIME_UNKNOWN || cpu_ns + ready_ns <= 0)
		return creation_ns;
	return (uint64_t)((double)creation_ns * (cpu_ns / (cpu_ns + ready_ns)));
}

static void note_created(struct created *created, uint64_t begin_ns, uint64_t creation_ns,
			 const struct ct_usage *usage)
{
	uint64_t from_ns;

	if (creation_ns == CT_TIME_UNKNOWN || usage->cpu_ns == CT_TIME_UNKNOWN)
		return;
	from_ns = begin_ns > creation_ns ? begin_ns - creation_ns : 0;
	creation_ns = unhindered(creation_ns, usage);
	created->list[created->count++] = (struct creation){from_ns, from_ns + creation_ns};
	created->creation_ns += (double)creation_ns;
	created->cpu_ns += (double)usage->cpu_ns;
}

static int by_begin(const void *left, const void *right)
{
	const struct creation *a = left, *b = right;

	return (a->from_ns > b->from_ns) - (a->from_ns < b->from_ns);
}

/* Time in which something was being made: several at once count once. */
static double time_creating(struct created *created)
{
	uint64_t sum_ns = 0, until_ns = 0;

	qsort(created->list, created->count, sizeof(*created->list), by_begin);
	for (size_t i = 0; i < created->count; i++) {
		struct creation next = created->list[i];

		if (next.from_ns < until_ns)
			next.from_ns = until_ns;
		if (next.to_ns <= next.from_ns)
			continue;
		sum_ns += next.to_ns - next.from_ns;
		until_ns = next.to_ns;
	}
	return (double)sum_ns;
}

static enum ct_status tell_created(struct ct_timing *timing, struct created *created,
				   const char *what)
{
	double count = (double)created->count, creating_ns;
	struct ct_text text, help;

	if (created->count < MANY_CREATED ||
	    created->cpu_ns >= worth_creating * created->creation_ns)
		return CT_OK;
	creating_ns = time_creating(created);
	if (creating_ns < creation_share * (double)timing->wall_ns)
		return CT_OK;
	ct_text_init(&text);
	ct_text_init(&help);
	ct_text_addf(&text, "%zu %s were started, which took ", created->count, what);
	ct_advice_add_time(&text, created->creation_ns / count);
	ct_text_add(&text, " each, to compute for ");
	ct_advice_add_time(&text, created->cpu_ns / count);
	ct_text_addf(&text, " each; in %.0f %% of the elapsed time one was being started.",
		     ct_advice_percent(creating_ns, (double)timing->wall_ns));
	ct_text_addf(&help,
		     "Start a few %s once, and hand them one piece of work after the other (a "
		     "pool); or make the pieces larger.",
		     what);
	return ct_advice_add(timing, "creation-overhead", &text, &help);
}

static enum ct_status advise_threads_made(struct ct_timing *timing)
{
	struct created created = {.list = calloc(timing->thread_count + 1, sizeof(*created.list))};
	enum ct_status status;

	if (!created.list)
		return CT_ENOMEM;
	for (size_t i = 0; i < timing->thread_count; i++) {
		const struct ct_timing_thread *thread = &timing->threads[i];

		if (thread->present && thread->thread->number != 1)
			note_created(&created, thread->begin_ns, thread->creation_ns,
				     &thread->usage);
	}
	status = tell_created(timing, &created, "threads");
	free(created.list);
	return status;
}

static enum ct_status advise_processes_made(struct ct_timing *timing)
{
	struct created created = {.list = calloc(timing->process_count + 1, sizeof(*created.list))};
	enum ct_status status;

	if (!created.list)
		return CT_ENOMEM;
	for (size_t i = 0; i < timing->process_count; i++) {
		const struct ct_timing_process *process = &timing->processes[i];

		if (process->present && process->counted)
			note_created(&created, process->begin_ns, process->creation_ns,
				     &process->usage);
	}
	status = tell_created(timing, &created, "processes");
	free(created.list);
	return status;
}

enum ct_status ct_advice_creation(struct ct_timing *timing)
{
	enum ct_status status = advise_threads_made(timing);

	return status ? status : advise_processes_made(timing);
}
