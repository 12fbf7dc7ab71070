/*
 * Our own JSON: all that is known of a trace, for scripts, graders and later runs (--baseline).
 * docs/json.md says what each key means, docs/schema/report-1.json is the schema.
 */
#include "report/reporter.h"

#include "base/text.h"
#include "model/counts.h"
#include "model/model.h"
#include "model/traps.h"
#include "report/entry.h"
#include "report/join.h"
#include "report/json_finding.h"
#include "report/json_stream.h"
#include "report/trap_words.h"
#include "report/uses.h"

enum { REPORT_VERSION = 1 };

static void put_count(struct ct_json_stream *stream, const char *key, uint64_t count)
{
	/* of a damaged trace it may be more than JSON's integers here have room for */
	json_int_t number = count < INT64_MAX ? (json_int_t)count : INT64_MAX;

	ct_json_put(stream, key, ct_json_integer(&stream->json, number));
}

static void put_real(struct ct_json_stream *stream, const char *key, double number)
{
	ct_json_put(stream, key, json_real(number));
}

static void put_strings(struct ct_json_stream *stream, const char *key, const char *const *lines,
			size_t count)
{
	ct_json_open(stream, key, '[');
	for (size_t i = 0; i < count; i++)
		ct_json_put_string(stream, NULL, lines[i]);
	ct_json_close(stream, ']');
}

/* One key, by how it ended. */
static void put_end(struct ct_json_stream *stream, struct ct_program_end end)
{
	switch (end.ending) {
	case CT_PROGRAM_EXITED:
		put_count(stream, "exit_status", (uint64_t)end.number);
		break;
	case CT_PROGRAM_KILLED:
		put_count(stream, "signal", (uint64_t)end.number);
		break;
	case CT_PROGRAM_HUNG:
		ct_json_put(stream, "hung", json_true());
		break;
	case CT_PROGRAM_TIMED_OUT:
		ct_json_put(stream, "timed_out", json_true());
		break;
	case CT_PROGRAM_INTERRUPTED:
		ct_json_put(stream, "interrupted", json_true());
		break;
	case CT_PROGRAM_UNKNOWN:
		break;
	}
}

static void put_program(struct ct_json_stream *stream, const struct ct_report *in)
{
	const struct ct_model *model = in->model;

	ct_json_open(stream, "program", '{');
	if (model->process_count && model->processes[0]->command && *model->processes[0]->command)
		ct_json_put_string(stream, "command", model->processes[0]->command);
	ct_json_put_string(stream, "status", in->program_status);
	put_end(stream, in->program_end);
	ct_json_close(stream, '}');
}

/* Text traces have no times; the end of a process that was killed is not recorded. */
static void put_times(struct ct_json_stream *stream, const struct ct_model *model)
{
	const struct ct_counts *counts = model->counts;
	const struct ct_trace *trace = model->trace;

	if (!counts || trace->text || !trace->frequency)
		return;
	if (counts->last_time > trace->begin)
		put_real(stream, "wall_s",
			 (double)(counts->last_time - trace->begin) / (double)trace->frequency);
	if (counts->ended)
		put_real(stream, "cpu_s", (double)counts->cpu_us / 1e6);
}

/* Only where some were meant to be there. */
static void put_traps(struct ct_json_stream *stream, const struct ct_model *model)
{
	struct ct_text words;
	struct ct_traps traps;

	ct_traps_sum(model, &traps);
	if (!traps.with && !traps.aside && !traps.caught)
		return;
	ct_text_init(&words);
	(void)ct_trap_words(&words, model);
	ct_json_open(stream, "traps", '{');
	put_count(stream, "places", traps.places);
	put_count(stream, "taken", traps.taken);
	put_count(stream, "held", traps.held);
	put_real(stream, "held_s", (double)traps.held_ns / 1e9);
	put_real(stream, "allowed_s", (double)traps.allowed_ns / 1e9);
	ct_json_put_string(stream, "text", ct_text_str(&words));
	ct_json_close(stream, '}');
	if (ct_text_status(&words))
		stream->json.failed = true;
	ct_text_fini(&words);
}

static void put_recorded(struct ct_json_stream *stream, const struct ct_report *in)
{
	const struct ct_model *model = in->model;
	size_t threads;

	ct_json_open(stream, "recorded", '{');
	put_count(stream, "processes", model->process_count);
	put_count(stream, "threads", model->thread_count);
	put_count(stream, "events", model->events);
	put_count(stream, "lost_records", ct_trace_lost(model->trace, &threads));
	if (model->trace->left_out_bytes)
		put_count(stream, "unread_bytes", model->trace->left_out_bytes);
	ct_json_put_string(stream, "accesses",
			   model->trace->accesses	 ? "all"
			   : model->trace->some_accesses ? "some"
			   : ct_trap_any(model)		 ? "caught"
							 : "none");
	put_traps(stream, model);
	put_times(stream, model);
	ct_json_close(stream, '}');
}

static void put_use(struct ct_json_stream *stream, const struct ct_use *use)
{
	json_t *object = ct_json_object(&stream->json);

	if (use->has_objects)
		ct_json_set(&stream->json, object, "objects",
			    ct_json_integer(&stream->json, (json_int_t)use->objects));
	ct_json_set(&stream->json, object, "calls",
		    ct_json_integer(&stream->json, (json_int_t)use->calls));
	ct_json_put(stream, use->name, object);
}

/* Only what was used. */
static void put_uses(struct ct_json_stream *stream, const struct ct_report *in)
{
	ct_json_open(stream, "uses", '{');
	for (size_t i = 0; i < ct_use_limit(); i++) {
		const struct ct_use use = ct_use_of(in->model, i);

		if (use.objects || use.calls)
			put_use(stream, &use);
	}
	ct_json_close(stream, '}');
}

static void put_findings(struct ct_json_stream *stream, const struct ct_report *in,
			 const struct ct_entries *entries)
{
	ct_json_open(stream, "findings", '[');
	for (size_t i = 0; i < entries->count; i++)
		ct_json_put(stream, NULL, ct_json_finding(&stream->json, in, &entries->items[i]));
	ct_json_close(stream, ']');
	ct_json_open(stream, "hidden", '[');
	for (size_t i = 0; i < in->findings->hidden_count; i++)
		ct_json_put(stream, NULL,
			    ct_json_hidden(&stream->json, in, in->findings->hidden[i]));
	ct_json_close(stream, ']');
}

static void put_run(struct ct_json_stream *stream, const struct ct_report *in,
		    const struct ct_entries *entries)
{
	ct_json_open(stream, NULL, '{');
	ct_json_put_string(stream, "command", in->command);
	if (in->exit_status >= 0)
		put_count(stream, "exit_status", (uint64_t)in->exit_status);
	put_program(stream, in);
	put_recorded(stream, in);
	put_strings(stream, "lacks", (const char *const *)entries->lacks, entries->lack_count);
	put_uses(stream, in);
	put_findings(stream, in, entries);
	put_strings(stream, "unused_suppressions", in->unused, in->unused_count);
	ct_json_close(stream, '}');
}

static void put_report(struct ct_json_stream *stream, const struct ct_report *in,
		       const struct ct_entries *entries)
{
	ct_json_open(stream, NULL, '{');
	ct_json_put_string(stream, "format", "conctrace-report");
	put_count(stream, "version", REPORT_VERSION);
	ct_json_open(stream, "tool", '{');
	ct_json_put_string(stream, "name", "conctrace");
	ct_json_put_string(stream, "version", CT_VERSION);
	ct_json_close(stream, '}');
	ct_json_open(stream, "runs", '[');
	put_run(stream, in, entries);
	ct_json_close(stream, ']');
	ct_json_close(stream, '}');
}

static enum ct_status write_json(const struct ct_report *in, struct ct_text *out)
{
	struct ct_json_stream stream = {.out = out};
	struct ct_entries entries;

	if (ct_entries_make(in, &entries) != CT_OK)
		return CT_ENOMEM;
	put_report(&stream, in, &entries);
	ct_entries_fini(&entries);
	return stream.json.failed ? CT_ENOMEM : ct_text_status(out);
}

static bool name_run(struct ct_json *json, json_t *element, const struct ct_report_run *run)
{
	if (!json_object_get(element, "recorded"))
		return false;
	ct_json_set(json, element, run->seeded ? "seed" : "run",
		    ct_json_integer(json, (json_int_t)run->number));
	return true;
}

static enum ct_status join_json(struct ct_text *whole, const struct ct_text *part,
				const struct ct_report_run *run)
{
	return ct_join_runs(whole, part, run, name_run);
}

const struct ct_reporter ct_report_json = {
	.name = "json",
	.extension = "json",
	.description = "all that is known, as JSON,",
	.write = write_json,
	.join = join_json,
};
