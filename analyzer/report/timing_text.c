#include "report/timing_text.h"

#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "report/style.h"
#include "report/table.h"
#include "report/text_parts.h"
#include "report/timing_text_parts.h"
#include "report/timing_words.h"

void ct_timing_text_title(const struct ct_timing_text *text, const char *title)
{
	ct_text_addc(text->out, '\n');
	ct_style_add(text->out, text->options->color, CT_STYLE_NOTE, title);
	ct_text_addc(text->out, '\n');
}

void ct_timing_text_count(struct ct_text *out, uint64_t count, const char *one, const char *many)
{
	ct_text_addf(out, "%" PRIu64 " %s", count, count == 1 ? one : many);
}

/* How much of `at` fits into `width`: to its last blank there, if it has one. */
static size_t line_length(const char *at, size_t width)
{
	size_t length = strlen(at), end;

	if (length <= width)
		return length;
	for (end = width; end > 0 && at[end] != ' '; end--)
		;
	if (end)
		return end;
	for (end = width; end < length && ((unsigned char)at[end] & 0xC0) == 0x80; end++)
		;
	return end;
}

static void wrap(struct ct_text *out, const char *paragraph, const char *indent)
{
	struct ct_text clean;
	const char *at;

	ct_text_init(&clean);
	ct_text_add_printable(&clean, paragraph);
	for (at = ct_text_str(&clean); *at; at += strspn(at, " "), indent = "  ") {
		size_t length = line_length(at, CT_TABLE_WIDTH - strlen(indent));

		ct_text_add(out, indent);
		ct_text_addn(out, at, length);
		ct_text_addc(out, '\n');
		at += length;
	}
	if (ct_text_status(&clean) != CT_OK)
		out->failed = true;
	ct_text_fini(&clean);
}

void ct_timing_text_wrap(struct ct_text *out, const char *paragraph)
{
	wrap(out, paragraph, "  ");
}

void ct_timing_text_hang(struct ct_text *out, const char *paragraph)
{
	wrap(out, paragraph, "");
}

static void add_size(struct ct_text *out, const struct ct_timing *timing)
{
	ct_text_add_printable(out, ct_timing_program(timing));
	ct_text_addf(out, ": %s, ", ct_timing_mode_name(timing->mode));
	ct_timing_text_count(out, timing->workers, "worker", "workers");
	if (timing->cpus) {
		ct_text_add(out, ", ");
		ct_timing_text_count(out, timing->cpus, "processor", "processors");
	}
	ct_text_addc(out, '\n');
}

static void add_time_of(struct ct_text *out, const char *what, uint64_t time_ns)
{
	ct_text_add(out, what);
	ct_timing_add_time(out, time_ns);
}

static void add_cores(struct ct_text *out, const struct ct_timing *timing)
{
	if (timing->parallelism.cores < 0)
		return;
	ct_text_addf(out, "; %.2f", timing->parallelism.cores);
	if (timing->cpus)
		ct_text_addf(out, " of %" PRIu32, timing->cpus);
	ct_text_add(out, " processors busy on average");
}

/* Of the workers' lives: what other programs take, or more threads than processors. */
#define MUCH_READY 0.05

/* Shares below half a per cent say nothing. */
static bool is_worth_telling(uint64_t part_ns, uint64_t whole_ns)
{
	return ct_timing_share(part_ns, whole_ns) >= 0.005;
}

static void add_waits(struct ct_text *out, const struct ct_timing_sums *sums)
{
	bool first = true;

	for (int i = CT_RUNS + 1; i < CT_ACTIVITIES; i++) {
		if (!is_worth_telling(sums->by_activity[i], sums->life_ns))
			continue;
		ct_text_addf(out, "%s %s %.0f %%", first ? ":" : ",",
			     ct_activity_name((enum ct_activity)i),
			     100 * ct_timing_share(sums->by_activity[i], sums->life_ns));
		first = false;
	}
}

static void add_waited(struct ct_text *out, const struct ct_timing *timing,
		       const struct ct_timing_sums *sums, const char *life)
{
	const char *who = timing->workers == 1 ? "the worker" : "the workers";
	uint64_t waited = sums->life_ns - sums->by_activity[CT_RUNS];
	struct ct_text line;

	ct_text_init(&line);
	if (!waited)
		ct_text_addf(&line, "%s waited for nothing", who);
	else if (!is_worth_telling(waited, sums->life_ns))
		ct_text_addf(&line, "%s waited less than 1 %% of %s", who, life);
	else
		ct_text_addf(&line, "%s waited %.0f %% of %s", who,
			     100 * ct_timing_share(waited, sums->life_ns), life);
	add_waits(&line, sums);
	ct_timing_text_hang(out, ct_text_str(&line));
	if (ct_text_status(&line) != CT_OK)
		out->failed = true;
	ct_text_fini(&line);
}

static void add_verdict(struct ct_text *out, const struct ct_timing *timing)
{
	const struct ct_timing_sums sums = ct_timing_sum(timing);
	const char *life = timing->workers == 1 ? "its life" : "their lives";
	double ready = ct_timing_share(sums.ready_ns, sums.life_ns);

	if (!sums.life_ns || sums.by_activity[CT_RUNS] > sums.life_ns)
		return;
	add_waited(out, timing, &sums, life);
	if (ready >= MUCH_READY)
		ct_text_addf(out, "ready, but without a processor: %.0f %% of %s\n", 100 * ready,
			     life);
}

/* Of processes that were killed the kernel told less, and the parts are not the whole. */
static void add_parts(struct ct_text *out, const struct ct_timing *timing)
{
	const struct ct_usage *usage = &timing->usage;

	if (usage->user_ns == CT_TIME_UNKNOWN || usage->system_ns == CT_TIME_UNKNOWN ||
	    usage->user_ns + usage->system_ns != usage->cpu_ns)
		return;
	add_time_of(out, " (user ", usage->user_ns);
	add_time_of(out, ", system ", usage->system_ns);
	/* a short program is mostly loaded */
	if (timing->before_ns > usage->cpu_ns / 10)
		add_time_of(out, ", before it began ", timing->before_ns);
	ct_text_addc(out, ')');
}

/* Who was killed, or still runs, did not tell what it used. */
static void add_cpu(struct ct_text *out, const struct ct_timing *timing)
{
	bool least = timing->uncounted && timing->usage.cpu_ns != CT_TIME_UNKNOWN;

	add_time_of(out, least ? ", CPU time at least " : ", CPU time ", timing->usage.cpu_ns);
	add_parts(out, timing);
	if (!timing->uncounted)
		return;
	ct_text_add(out, ": ");
	ct_timing_text_count(out, timing->uncounted, "process", "processes");
	ct_text_add(out, " could not say");
}

static void add_elapsed(struct ct_text *out, const struct ct_timing *timing)
{
	struct ct_text line;

	ct_text_init(&line);
	add_time_of(&line, "elapsed ", timing->wall_ns);
	add_cpu(&line, timing);
	add_cores(&line, timing);
	ct_timing_text_hang(out, ct_text_str(&line));
	if (ct_text_status(&line) != CT_OK)
		out->failed = true;
	ct_text_fini(&line);
}

static void add_incomplete(const struct ct_timing_text *text)
{
	const struct ct_timing *timing = text->timing;
	bool color = text->options->color;

	ct_text_add_lost(text->out, timing->lost_records, timing->lost_from, color);
	if (timing->lost_threads) {
		ct_style_add(text->out, color, CT_STYLE_WARNING, "incomplete");
		ct_text_add(text->out, ": ");
		ct_timing_text_count(text->out, timing->lost_threads, "thread", "threads");
		ct_text_add(text->out, " left no record\n");
	}
	ct_text_add_unseen(text->out, timing->model->trace, color);
}

void ct_timing_text_summary(const struct ct_timing_text *text)
{
	const struct ct_timing *timing = text->timing;

	ct_style_begin(text->out, text->options->color, CT_STYLE_STRONG);
	add_size(text->out, timing);
	ct_style_end(text->out, text->options->color);
	add_elapsed(text->out, timing);
	add_verdict(text->out, timing);
	add_incomplete(text);
}

enum ct_status ct_timing_text(const struct ct_timing *timing,
			      const struct ct_timing_text_options *options, struct ct_text *out)
{
	const struct ct_timing_text text = {out, timing, options};

	ct_timing_text_summary(&text);
	ct_timing_text_threads(&text);
	ct_timing_text_waits(&text);
	ct_timing_text_locks(&text);
	ct_timing_text_critical(&text);
	ct_timing_text_parallelism(&text);
	ct_timing_text_regions(&text);
	ct_timing_text_processes(&text);
	ct_timing_text_interpreters(&text);
	ct_timing_text_advice(&text);
	return ct_text_status(out);
}
