/*
 * What a person reads: each finding with its verdict first, then who did what and where, then what
 * to do about it; at the end what was found in all, and in how much of a record.
 */
#include "report/reporter.h"

#include "base/text.h"
#include "report/join.h"
#include "report/style.h"
#include "report/text_parts.h"
#include "report/words.h"

const char *ct_text_meaning(const struct ct_finding *finding)
{
	const struct ct_race *race = finding->race;

	switch (finding->evidence) {
	case CT_OBSERVED:
		return "it happened in this run";
	case CT_CONFIRMED:
		return "a run that was directed to it made it happen";
	case CT_PREDICTED:
		if (race && race->in_run && !race->check)
			return "nothing in this run put one before the other";
		return "another order of the same steps makes it happen";
	case CT_POTENTIAL:
		break;
	}
	return "nothing that was recorded rules it out, or proves it";
}

static enum ct_style style_of(enum ct_severity severity)
{
	static const enum ct_style styles[] = {[CT_ERROR] = CT_STYLE_ERROR,
					       [CT_WARNING] = CT_STYLE_WARNING,
					       [CT_NOTE] = CT_STYLE_NOTE};

	return styles[severity];
}

static void add_verdict(struct ct_text *out, const struct ct_report *in,
			const struct ct_finding *finding)
{
	ct_style_begin(out, in->color, style_of(finding->severity));
	ct_text_addf(out, "%s[%s]", ct_severity_text(finding->severity), finding->rule->id);
	ct_style_end(out, in->color);
	ct_text_add(out, ": ");
	ct_style_begin(out, in->color, CT_STYLE_STRONG);
	ct_words_headline(out, in->naming, finding);
	ct_style_end(out, in->color);
	ct_text_addf(out, "\n  %s: %s\n\n", ct_evidence_text(finding->evidence),
		     ct_text_meaning(finding));
}

static void add_fix(struct ct_text *out, const struct ct_report *in,
		    const struct ct_finding *finding)
{
	struct ct_text fix;

	ct_text_init(&fix);
	ct_words_fix(&fix, in->naming, finding);
	if (fix.len) {
		ct_style_add(out, in->color, CT_STYLE_HELP, "  fix");
		ct_text_add(out, ": ");
		ct_text_add(out, ct_text_str(&fix));
		ct_text_addc(out, '\n');
	}
	if (ct_text_status(&fix))
		out->failed = true;
	ct_text_fini(&fix);
}

void ct_text_add_finding(struct ct_text *out, const struct ct_report *in,
			 const struct ct_finding *finding)
{
	bool has_places = finding->step_count || finding->place_count;

	add_verdict(out, in, finding);
	if (finding->race)
		ct_text_add_race(out, in, finding);
	ct_text_add_steps(out, in, finding);
	if (has_places)
		ct_text_addc(out, '\n');
	ct_text_add_picture(out, in, finding);
	if (finding->witness)
		ct_text_add_witness(out, in, finding);
	if (finding->assumes) {
		ct_style_add(out, in->color, CT_STYLE_NOTE, "  assumes");
		ct_text_add(out, ": ");
		ct_text_add_printable(out, finding->assumes);
		ct_text_addc(out, '\n');
	}
	if (finding->rerun) {
		ct_style_add(out, in->color, CT_STYLE_NOTE, "  re-run");
		ct_text_add(out, ": ");
		ct_text_add_printable(out, finding->rerun);
		ct_text_addc(out, '\n');
	}
	add_fix(out, in, finding);
	ct_text_addc(out, '\n');
}

static enum ct_status write_text(const struct ct_report *in, struct ct_text *out)
{
	for (size_t i = 0; i < in->findings->count; i++)
		ct_text_add_finding(out, in, in->findings->items[i]);
	if (in->explain)
		ct_text_add_ruled_out(out, in);
	if (in->findings->count == 0)
		ct_text_add_waiting(out, in);
	ct_text_add_summary(out, in);
	return ct_text_status(out);
}

const struct ct_reporter ct_report_text = {
	.name = "text",
	.extension = "txt",
	.description = "the text report",
	.write = write_text,
	.join = ct_join_texts,
};
