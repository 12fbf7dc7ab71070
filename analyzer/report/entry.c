#include "report/entry.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/text.h"
#include "base/vec.h"
#include "finding/stack.h"
#include "model/model.h"
#include "model/symbols.h"
#include "report/finding_place.h"
#include "report/text_parts.h"
#include "report/words.h"

/* A text, which is then empty again, in the arena; NULL: out of memory. */
static const char *take(struct ct_arena *arena, struct ct_text *text)
{
	const char *copy = NULL;

	if (ct_text_status(text) == CT_OK)
		copy = ct_arena_strdup(arena, ct_text_str(text));
	ct_text_reset(text);
	return copy;
}

static enum ct_status set_place(const struct ct_report *in, struct ct_arena *arena,
				struct ct_text *text, struct ct_entry *entry)
{
	struct ct_finding_place place;
	struct ct_shown_stack shown;

	if (!ct_finding_place_count(entry->finding))
		return CT_OK;
	entry->main_place = ct_finding_place_main(in, entry->finding);
	place = ct_finding_place(entry->finding, entry->main_place);
	ct_stack_shown(in->symbols, place.place->process, place.place->stack, &shown);
	if (!shown.top)
		return CT_OK;
	if (shown.top->function) {
		ct_text_add_printable(text, shown.top->function);
		entry->function = take(arena, text);
	}
	if (shown.top->file) {
		ct_text_add_printable(text, ct_path_below(in->directory, shown.top->file));
		entry->file = take(arena, text);
		entry->line = shown.top->line > 0 ? shown.top->line : 0;
	}
	return (shown.top->function && !entry->function) || (shown.top->file && !entry->file)
		       ? CT_ENOMEM
		       : CT_OK;
}

static enum ct_status set_entry(const struct ct_report *in, struct ct_arena *arena,
				struct ct_text *text, struct ct_entry *entry)
{
	const struct ct_finding *finding = entry->finding;

	ct_words_headline(text, in->naming, finding);
	entry->headline = take(arena, text);
	ct_words_fix(text, in->naming, finding);
	if (!text->len)
		ct_text_add(text, finding->rule->help);
	entry->fix = take(arena, text);
	entry->fails = finding->severity == CT_ERROR && finding->evidence >= in->fail_on;
	ct_fingerprint_write(finding, entry->id);
	if (!entry->headline || !entry->fix)
		return CT_ENOMEM;
	return set_place(in, arena, text, entry);
}

struct lacks {
	struct ct_entries *entries;
	size_t cap;
	size_t more; /* that are not listed */
	bool failed;
};

static void append_lack(struct lacks *lacks, struct ct_text *text)
{
	struct ct_entries *entries = lacks->entries;
	const char *line = take(&entries->arena, text);

	if (!line || ct_vec_grow(&entries->lacks, &lacks->cap, entries->lack_count + 1,
				 sizeof(*entries->lacks)) != CT_OK)
		lacks->failed = true;
	else
		entries->lacks[entries->lack_count++] = line;
}

/* A line that `text` holds, which is then empty again. */
static void add_lack(struct lacks *lacks, struct ct_text *text)
{
	if (lacks->entries->lack_count < CT_ENTRIES_LACKS_MAX) {
		append_lack(lacks, text);
	} else {
		lacks->more++;
		ct_text_reset(text);
	}
}

static void add_lacks_of_trace(struct lacks *lacks, const struct ct_trace *trace,
			       struct ct_text *text)
{
	size_t threads;
	uint64_t lost = ct_trace_lost(trace, &threads);

	if (lost) {
		ct_text_add_count(text, lost, "record");
		ct_text_add(text, lost == 1 ? " was lost" : " were lost");
		add_lack(lacks, text);
	}
	if (trace->left_out_bytes) {
		ct_text_addf(text, "%" PRIu64 " MB of the record, from its begin, were not read",
			     (trace->left_out_bytes >> 20) + 1);
		add_lack(lacks, text);
	}
	if (trace->sampled || (trace->some_accesses && !trace->accesses)) {
		ct_text_add(text, trace->sampled ? CT_WORDS_SAMPLED : CT_WORDS_SOME_ACCESSES);
		add_lack(lacks, text);
	}
	for (size_t i = 0; i < trace->unseen_count; i++)
		if (ct_words_unseen(text, trace, i))
			add_lack(lacks, text);
	for (size_t i = 0; i < trace->problem_count; i++) {
		ct_text_add_printable(text, trace->problems[i]);
		add_lack(lacks, text);
	}
}

static enum ct_status set_lacks(const struct ct_report *in, struct ct_text *text,
				struct ct_entries *entries)
{
	struct lacks lacks = {.entries = entries};
	const char *const *lines = NULL;
	size_t count = in->symbols ? ct_symbols_warnings(in->symbols, &lines) : 0;

	add_lacks_of_trace(&lacks, in->model->trace, text);
	for (size_t i = 0; i < count; i++) {
		ct_text_add_printable(text, lines[i]);
		add_lack(&lacks, text);
	}
	if (lacks.more) {
		ct_text_addf(text, "%zu more of the kind are not listed", lacks.more);
		append_lack(&lacks, text);
	}
	return lacks.failed ? CT_ENOMEM : CT_OK;
}

enum ct_status ct_entries_make(const struct ct_report *in, struct ct_entries *out)
{
	size_t count = in->findings->count;
	enum ct_status status = CT_OK;
	struct ct_text text;

	*out = (struct ct_entries){.count = count};
	ct_arena_init(&out->arena);
	ct_text_init(&text);
	out->items = ct_arena_calloc(&out->arena, count, sizeof(*out->items));
	if (!out->items)
		status = CT_ENOMEM;
	for (size_t i = 0; status == CT_OK && i < count; i++) {
		out->items[i].finding = in->findings->items[i];
		status = set_entry(in, &out->arena, &text, &out->items[i]);
	}
	if (status == CT_OK)
		status = set_lacks(in, &text, out);
	ct_text_fini(&text);
	if (status)
		ct_entries_fini(out);
	return status;
}

void ct_entries_fini(struct ct_entries *entries)
{
	free(entries->lacks);
	ct_arena_fini(&entries->arena);
	*entries = (struct ct_entries){0};
}

void ct_entry_details(struct ct_text *out, const struct ct_report *in, const struct ct_entry *entry)
{
	struct ct_report plain = *in;

	plain.color = false;
	ct_text_add_finding(out, &plain, entry->finding);
}
