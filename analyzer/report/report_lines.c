/*
 * A line for each finding and place, in the form of gcc's messages, which editors and problem
 * matchers read:
 *
 *	bank.c:41:1: error: T1 takes `a` then `b`; T2 takes `b` then `a` [lock-order]
 *	bank.c:52:1: note: T2 locks `a` [lock-order]
 */
#include "report/reporter.h"

#include "base/text.h"
#include "finding/stack.h"
#include "report/entry.h"
#include "report/finding_place.h"
#include "report/join.h"

/* Further places of a finding that get a line each. */
enum { NOTES = 100 };

static void add_rule(struct ct_text *out, const struct ct_entry *entry)
{
	ct_text_addf(out, " [%s]\n", entry->finding->rule->id);
}

/* Columns are not known, but what reads such lines wants one; the same of lines. */
static void add_head(struct ct_text *out, const char *file, int line, const char *severity)
{
	if (file) {
		ct_text_add_printable(out, file);
		ct_text_addf(out, ":%d:1: %s: ", line > 0 ? line : 1, severity);
	} else {
		ct_text_addf(out, "conctrace: %s: ", severity);
	}
}

/* False: there is nothing to open at that place. */
static bool add_note(struct ct_text *out, const struct ct_report *in, const struct ct_entry *entry,
		     size_t index)
{
	const struct ct_finding_place place = ct_finding_place(entry->finding, index);
	struct ct_shown_stack shown;
	struct ct_text words;

	ct_stack_shown(in->symbols, place.place->process, place.place->stack, &shown);
	if (!shown.top || !shown.top->file)
		return false;
	ct_text_init(&words);
	ct_finding_place_text(&words, in, &place);
	add_head(out, ct_path_below(in->directory, shown.top->file), shown.top->line, "note");
	ct_text_add_printable(out, ct_text_str(&words));
	add_rule(out, entry);
	ct_text_fini(&words);
	return true;
}

static void add_notes(struct ct_text *out, const struct ct_report *in, const struct ct_entry *entry)
{
	size_t count = ct_finding_place_count(entry->finding), told = 0, at = 0;

	for (; at < count && told < NOTES; at++)
		told += at != entry->main_place && add_note(out, in, entry, at);
	if (at < count) {
		add_head(out, entry->file, entry->line, "note");
		ct_text_addf(out, "%zu more places are not listed", count - at);
		add_rule(out, entry);
	}
}

static enum ct_status write_lines(const struct ct_report *in, struct ct_text *out)
{
	struct ct_entries entries;

	if (ct_entries_make(in, &entries) != CT_OK)
		return CT_ENOMEM;
	for (size_t i = 0; i < entries.count; i++) {
		const struct ct_entry *entry = &entries.items[i];

		add_head(out, entry->file, entry->line, ct_severity_text(entry->finding->severity));
		ct_text_add(out, entry->headline);
		add_rule(out, entry);
		add_notes(out, in, entry);
	}
	ct_entries_fini(&entries);
	return ct_text_status(out);
}

const struct ct_reporter ct_report_lines = {
	.name = "lines",
	.extension = "txt",
	.description = "a line for each finding, as compilers do, for editors,",
	.write = write_lines,
	.join = ct_join_texts,
};
