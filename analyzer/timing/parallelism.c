#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "timing/parts.h"

#define FINE_BINS 4096u
#define CURVE_BINS 500u
#define FIRST_WIDTH_NS 1024u
/* Of the time that threads ran: the processors that they kept busy are not known with less. */
#define MOST_COUNTED 0.95

struct ct_part_parallelism {
	bool *runs; /* by thread id; owned */
	uint32_t running;
	uint64_t begin_ns, last_ns;
	bool begun;
	uint64_t *at_ns; /* by number of threads; owned until finish */
	size_t at_count, at_cap;
	/* Work (threads that ran, times ns) by time. Bins are of width_ns; when the
	 * time goes beyond the last, two become one. */
	double bins[FINE_BINS];
	uint64_t width_ns;
};

enum ct_status ct_part_parallelism_new(struct ct_timing *timing,
				       struct ct_part_parallelism **out_part)
{
	struct ct_part_parallelism *part = calloc(1, sizeof(*part));

	if (!part)
		return CT_ENOMEM;
	part->runs = calloc(timing->model->thread_count + 1, sizeof(*part->runs));
	part->width_ns = FIRST_WIDTH_NS;
	if (!part->runs) {
		ct_part_parallelism_free(part);
		return CT_ENOMEM;
	}
	*out_part = part;
	return CT_OK;
}

static void widen(struct ct_part_parallelism *part, uint64_t time_ns)
{
	while (time_ns / part->width_ns >= FINE_BINS) {
		for (size_t i = 0; i < FINE_BINS / 2; i++)
			part->bins[i] = part->bins[2 * i] + part->bins[2 * i + 1];
		memset(part->bins + FINE_BINS / 2, 0, sizeof(part->bins) / 2);
		part->width_ns *= 2;
	}
}

static void add_work(struct ct_part_parallelism *part, uint64_t from_ns, uint64_t to_ns)
{
	widen(part, to_ns);
	for (uint64_t at = from_ns; at < to_ns;) {
		uint64_t bin = at / part->width_ns, end = (bin + 1) * part->width_ns;

		if (end > to_ns)
			end = to_ns;
		part->bins[bin] += (double)(end - at) * part->running;
		at = end;
	}
}

/* Accounts the time since the last change. */
static enum ct_status advance(struct ct_part_parallelism *part, uint64_t time_ns)
{
	enum ct_status status =
		ct_vec_grow(&part->at_ns, &part->at_cap, part->running + 1, sizeof(*part->at_ns));

	if (status)
		return status;
	while (part->at_count <= part->running)
		part->at_ns[part->at_count++] = 0;
	if (!part->begun) {
		part->begun = true;
		part->begin_ns = part->last_ns = time_ns;
	}
	/* Only a damaged trace has times beyond 290 years. */
	if (time_ns <= part->last_ns || time_ns > INT64_MAX)
		return CT_OK;
	part->at_ns[part->running] += time_ns - part->last_ns;
	if (part->running)
		add_work(part, part->last_ns, time_ns);
	part->last_ns = time_ns;
	return CT_OK;
}

static enum ct_status set_runs(struct ct_part_parallelism *part, const struct ct_thread *thread,
			       uint64_t time_ns, bool runs)
{
	enum ct_status status = advance(part, time_ns);

	if (!status && part->runs[thread->id] != runs) {
		part->runs[thread->id] = runs;
		part->running += runs ? 1 : -1u;
	}
	return status;
}

static enum ct_status take_change(void *state, const struct ct_thread *thread, uint64_t time_ns,
				  enum ct_activity from, enum ct_activity to)
{
	(void)from;
	return set_runs(state, thread, time_ns, to == CT_RUNS);
}

static enum ct_status take_end(void *state, const struct ct_thread *thread, uint64_t time_ns)
{
	return set_runs(state, thread, time_ns, false);
}

struct ct_span_sink ct_part_parallelism_sink(struct ct_part_parallelism *part)
{
	return (struct ct_span_sink){.state = part, .change = take_change, .end = take_end};
}

/* The work until then; within a bin it is even, and the last one ends with the time. */
static double work_until(const struct ct_part_parallelism *part, const double *sums, double time_ns)
{
	double width = (double)part->width_ns, last = (double)part->last_ns, begin;
	size_t at = (size_t)(time_ns / width);

	if (time_ns >= last || at >= FINE_BINS)
		return sums[FINE_BINS];
	begin = (double)at * width;
	if (last - begin < width)
		width = last - begin;
	return sums[at] + part->bins[at] * (time_ns - begin) / width;
}

static enum ct_status make_curve(const struct ct_part_parallelism *part,
				 struct ct_parallelism *result)
{
	double *sums = calloc(FINE_BINS + 1, sizeof(*sums));
	double width = (double)part->last_ns / CURVE_BINS;

	result->curve = calloc(CURVE_BINS, sizeof(*result->curve));
	if (!sums || !result->curve) {
		free(sums);
		return CT_ENOMEM;
	}
	result->bins = CURVE_BINS;
	for (size_t i = 0; i < FINE_BINS; i++)
		sums[i + 1] = sums[i] + part->bins[i];
	for (size_t i = 0; i < CURVE_BINS && width > 0; i++)
		result->curve[i] = (work_until(part, sums, width * (double)(i + 1)) -
				    work_until(part, sums, width * (double)i)) /
				   width;
	free(sums);
	return CT_OK;
}

static void sum_up(struct ct_parallelism *result, uint64_t elapsed_ns)
{
	double work = 0;

	for (uint32_t k = 1; k <= result->most; k++)
		work += (double)result->at_ns[k] * k;
	result->mean = elapsed_ns ? work / (double)elapsed_ns : 0;
	result->serial_share = work > 0 ? (double)result->at_ns[1] / work : -1;
}

/* Whether the processor time is that of all that ran, but for little. */
static bool is_most_counted(const struct ct_timing *timing)
{
	double runs_ns = 0, counted_ns = 0;

	for (size_t i = 0; i < timing->process_count; i++) {
		const struct ct_process *process = timing->processes[i].process;

		for (size_t k = 0; k < process->thread_count; k++) {
			const struct ct_timing_thread *thread =
				&timing->threads[process->threads[k]->id];

			runs_ns += (double)thread->by_activity[CT_RUNS];
			if (timing->processes[i].counted)
				counted_ns += (double)thread->by_activity[CT_RUNS];
		}
	}
	return counted_ns >= MOST_COUNTED * runs_ns;
}

enum ct_status ct_part_parallelism_finish(struct ct_part_parallelism *part,
					  struct ct_timing *timing)
{
	struct ct_parallelism *result = &timing->parallelism;
	enum ct_status status = advance(part, part->last_ns);

	if (status)
		return status;
	while (part->at_count > 1 && !part->at_ns[part->at_count - 1])
		part->at_count--;
	result->most = (uint32_t)part->at_count - 1;
	result->at_ns = part->at_ns;
	part->at_ns = NULL;
	sum_up(result, part->last_ns - part->begin_ns);
	result->cores = -1;
	if (timing->usage.cpu_ns != CT_TIME_UNKNOWN && timing->wall_ns &&
	    timing->usage.cpu_ns >= timing->before_ns && is_most_counted(timing))
		result->cores = (double)(timing->usage.cpu_ns - timing->before_ns) /
				(double)timing->wall_ns;
	return make_curve(part, result);
}

void ct_part_parallelism_free(struct ct_part_parallelism *part)
{
	if (!part)
		return;
	free(part->runs);
	free(part->at_ns);
	free(part);
}
