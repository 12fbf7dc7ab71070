#include "report/text_parts.h"

#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "model/symbols.h"
#include "report/style.h"
#include "report/trap_words.h"
#include "report/words.h"

void ct_text_add_count(struct ct_text *out, uint64_t count, const char *noun)
{
	size_t len = strlen(noun);
	const char *ending = len && noun[len - 1] == 's' ? "es" : "s";

	ct_text_addf(out, "%" PRIu64 " %s%s", count, noun, count == 1 ? "" : ending);
}

static uint64_t count_severity(const struct ct_findings *findings, enum ct_severity severity)
{
	uint64_t count = 0;

	for (size_t i = 0; i < findings->count; i++)
		count += findings->items[i]->severity == severity;
	return count;
}

static void add_verdict(struct ct_text *out, const struct ct_report *in)
{
	uint64_t notes = count_severity(in->findings, CT_NOTE);

	if (in->findings->count == 0) {
		ct_text_add(out, in->findings->hidden_count ? "no other " : "no ");
		ct_text_addf(out, "%s\n", ct_words_nothing(in->model->trace));
		return;
	}
	ct_style_begin(out, in->color, CT_STYLE_STRONG);
	ct_text_add_count(out, count_severity(in->findings, CT_ERROR), "error");
	ct_text_add(out, ", ");
	ct_text_add_count(out, count_severity(in->findings, CT_WARNING), "warning");
	if (notes) {
		ct_text_add(out, ", ");
		ct_text_add_count(out, notes, "note");
	}
	ct_style_end(out, in->color);
	ct_text_addc(out, '\n');
}

static void add_hidden(struct ct_text *out, const struct ct_findings *findings,
		       enum ct_hiding hiding)
{
	uint64_t count = 0;

	for (size_t i = 0; i < findings->hidden_count; i++)
		count += findings->hidden[i]->hiding == hiding;
	if (!count)
		return;
	ct_text_addf(out, "%s: ", ct_words_hiding(hiding));
	ct_text_add_count(out, count, "finding");
	ct_text_addc(out, '\n');
}

static bool is_lock(const struct ct_object *object)
{
	return ct_kind_is_lock(object->kind);
}

static void add_recorded(struct ct_text *out, const struct ct_model *model)
{
	uint64_t locks = 0;

	for (size_t i = 0; i < model->object_count; i++)
		locks += is_lock(model->objects[i]);
	ct_text_add(out, "recorded: ");
	ct_text_add_count(out, model->process_count, "process");
	ct_text_add(out, ", ");
	ct_text_add_count(out, model->thread_count, "thread");
	ct_text_add(out, ", ");
	ct_text_add_count(out, locks, "lock");
	if (model->object_count > locks) {
		ct_text_add(out, ", ");
		ct_text_add_count(out, model->object_count - locks, "other sync object");
	}
	ct_text_add(out, ", ");
	ct_text_add_count(out, model->events, "event");
	ct_text_addc(out, '\n');
}

static void add_traps(struct ct_text *out, const struct ct_model *model)
{
	if (ct_trap_words(out, model))
		ct_text_addc(out, '\n');
}

static void add_warning(struct ct_text *out, bool color, const char *what, const char *line)
{
	ct_style_add(out, color, CT_STYLE_WARNING, what);
	ct_text_add(out, ": ");
	ct_text_add_printable(out, line);
	ct_text_addc(out, '\n');
}

static void add_warnings(struct ct_text *out, const struct ct_report *in, const char *what,
			 const char *const *lines, size_t count)
{
	for (size_t i = 0; i < count && i < CT_TEXT_SUMMARY_LINES; i++)
		add_warning(out, in->color, what, lines[i]);
	if (count > CT_TEXT_SUMMARY_LINES)
		ct_text_addf(out, "... %zu more\n", count - CT_TEXT_SUMMARY_LINES);
}

void ct_text_add_lost(struct ct_text *out, uint64_t records, uint64_t threads, bool color)
{
	if (!records)
		return;
	ct_style_add(out, color, CT_STYLE_WARNING, "incomplete");
	ct_text_add(out, ": ");
	ct_text_add_count(out, records, "record");
	ct_text_add(out, " of ");
	ct_text_add_count(out, threads, "thread");
	ct_text_add(out, records == 1 ? " was lost" : " were lost");
	ct_text_add(out, "; what they would have shown is not in this report\n");
}

static void add_lost(struct ct_text *out, const struct ct_report *in)
{
	size_t threads;
	uint64_t records = ct_trace_lost(in->model->trace, &threads);

	ct_text_add_lost(out, records, threads, in->color);
}

static void add_missed_accesses(struct ct_text *out, const struct ct_report *in)
{
	const struct ct_trace *trace = in->model->trace;

	if (trace->sampled)
		add_warning(out, in->color, "incomplete", CT_WORDS_SAMPLED);
	else if (trace->some_accesses && !trace->accesses)
		add_warning(out, in->color, "incomplete", CT_WORDS_SOME_ACCESSES);
}

void ct_text_add_unseen(struct ct_text *out, const struct ct_trace *trace, bool color)
{
	size_t told = 0;

	for (size_t i = 0; i < trace->unseen_count && told < CT_TEXT_SUMMARY_LINES; i++) {
		struct ct_text line;

		ct_text_init(&line);
		if (ct_words_unseen(&line, trace, i)) {
			add_warning(out, color, "incomplete", ct_text_str(&line));
			told++;
		}
		ct_text_fini(&line);
	}
}

void ct_text_add_summary(struct ct_text *out, const struct ct_report *in)
{
	const struct ct_trace *trace = in->model->trace;
	const char *const *lines = NULL;
	size_t count = in->symbols ? ct_symbols_warnings(in->symbols, &lines) : 0;
	size_t ruled_out = 0;

	for (size_t i = 0; i < in->findings->ruled_out_count; i++)
		ruled_out += !in->findings->ruled_out[i]->assumes;
	add_verdict(out, in);
	add_hidden(out, in->findings, CT_SUPPRESSED);
	add_hidden(out, in->findings, CT_KNOWN);
	add_hidden(out, in->findings, CT_REPEATED);
	if (in->program_status) {
		ct_text_add_printable(out, in->program_status);
		ct_text_addc(out, '\n');
	}
	add_recorded(out, in->model);
	add_traps(out, in->model);
	add_lost(out, in);
	add_missed_accesses(out, in);
	ct_text_add_unseen(out, trace, in->color);
	add_warnings(out, in, "trace", (const char *const *)trace->problems, trace->problem_count);
	add_warnings(out, in, "symbols", lines, count);
	add_warnings(out, in, "suppressions", in->unused, in->unused_count);
	if (ruled_out && !in->explain) {
		ct_text_add_count(out, ruled_out, "pattern");
		ct_text_add(out, " cannot happen: --explain says why\n");
	}
}
