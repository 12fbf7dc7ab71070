#include "report/timing_words.h"

#include <stdlib.h>

#include "base/text.h"

double ct_timing_share(uint64_t a, uint64_t b)
{
	if (!b)
		return 0;
	return a < b ? (double)a / (double)b : 1;
}

const char *ct_timing_command(const struct ct_timing *timing)
{
	const struct ct_model *model = timing->model;
	const char *command = model->process_count ? model->processes[0]->command : NULL;

	return command ? command : "";
}

const char *ct_timing_program(const struct ct_timing *timing)
{
	const struct ct_model *model = timing->model;
	const char *name = model->process_count ? model->processes[0]->name : NULL;

	return name && *name ? name : "the program";
}

const char *ct_timing_waited_for(const struct ct_timing *timing, const struct ct_blocked *blocked)
{
	if (blocked->object)
		return ct_name_object(timing->naming, blocked->object);
	if (blocked->joined)
		return ct_name_thread(timing->naming, blocked->joined);
	if (blocked->child)
		return ct_name_process(timing->naming, blocked->child);
	return NULL;
}

void ct_timing_add_time(struct ct_text *out, uint64_t time_ns)
{
	double ns = (double)time_ns;

	if (time_ns == CT_TIME_UNKNOWN)
		ct_text_addc(out, '-');
	else if (time_ns >= 999500000) /* with three digits it is a whole one of the next unit */
		ct_text_addf(out, "%.3f s", ns / 1e9);
	else if (time_ns >= 999500)
		ct_text_addf(out, "%.3g ms", ns / 1e6);
	else if (time_ns >= 1000)
		ct_text_addf(out, "%.3g us", ns / 1e3);
	else
		ct_text_addf(out, time_ns ? "%.0f ns" : "%.0f s", ns);
}

static int by_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* Of threads from pthread_create on, of processes from fork on. */
static uint64_t median_creation(const struct ct_timing *timing)
{
	uint64_t *all = calloc(timing->thread_count + timing->process_count + 1, sizeof(*all));
	uint64_t median = CT_TIME_UNKNOWN;
	size_t count = 0;

	for (size_t i = 0; all && i < timing->thread_count; i++)
		if (timing->threads[i].worker && timing->threads[i].creation_ns != CT_TIME_UNKNOWN)
			all[count++] = timing->threads[i].creation_ns;
	for (size_t i = 0; all && i < timing->process_count; i++)
		if (timing->processes[i].worker &&
		    timing->processes[i].creation_ns != CT_TIME_UNKNOWN)
			all[count++] = timing->processes[i].creation_ns;
	if (count) {
		qsort(all, count, sizeof(*all), by_value);
		median = all[(count - 1) / 2] + (all[count / 2] - all[(count - 1) / 2]) / 2;
	}
	free(all);
	return median;
}

/* The kernel counts from a thread's start on, which is before its first event. */
static uint64_t ready_in(const struct ct_timing_thread *thread, uint64_t life_ns)
{
	uint64_t ready_ns = thread->usage.ready_ns;

	if (ready_ns == CT_TIME_UNKNOWN)
		return 0;
	return ready_ns < life_ns ? ready_ns : life_ns;
}

static void add_waits(struct ct_timing_sums *sums, const struct ct_timing *timing, bool workers)
{
	for (size_t i = 0; i < timing->thread_count; i++) {
		const struct ct_timing_thread *thread = &timing->threads[i];
		uint64_t life_ns = thread->end_ns - thread->begin_ns;

		if (!thread->present || thread->worker != workers)
			continue;
		sums->life_ns += life_ns;
		sums->ready_ns += ready_in(thread, life_ns);
		for (int k = 0; k < CT_ACTIVITIES; k++)
			sums->by_activity[k] += thread->by_activity[k];
	}
}

struct ct_timing_sums ct_timing_sum(const struct ct_timing *timing)
{
	struct ct_timing_sums sums = {.creation_ns = median_creation(timing)};

	for (size_t i = 0; i < timing->process_count; i++) {
		const struct ct_timing_process *process = &timing->processes[i];

		sums.pipe_bytes += process->bytes_written;
		sums.socket_bytes += process->socket_bytes_written;
		if (process->shared_bytes > sums.shared_bytes)
			sums.shared_bytes = process->shared_bytes;
	}
	add_waits(&sums, timing, true);
	if (!sums.life_ns)
		add_waits(&sums, timing, false);
	return sums;
}
