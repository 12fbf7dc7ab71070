#include "report/text_parts.h"

#include "base/text.h"
#include "model/names.h"
#include "finding/stack.h"
#include "report/style.h"
#include "report/words.h"

static void add_at(struct ct_text *out, const struct ct_report *in, const struct ct_place *place)
{
	struct ct_shown_stack shown;

	ct_stack_shown(in->symbols, place->process, place->stack, &shown);
	if (!shown.top || (!shown.top->file && !shown.top->module))
		return;
	ct_text_add(out, " (");
	ct_frame_add_location(out, shown.top, in->directory);
	ct_text_addc(out, ')');
}

/* "  T1 holds `a` (bank.c:40), locks `b` (bank.c:41)" */
static void add_step(struct ct_text *out, const struct ct_report *in,
		     const struct ct_step_of_cycle *step)
{
	ct_text_add(out, "    ");
	ct_text_add_printable(out, ct_name_thread(in->naming, step->thread));
	if (step->holds) {
		ct_text_add(out, " holds ");
		ct_words_object(out, in->naming, step->holds);
		add_at(out, in, &step->held_at);
		ct_text_addc(out, ',');
	}
	ct_text_addc(out, ' ');
	ct_words_want(out, in->naming, step);
	add_at(out, in, &step->wanted_at);
	ct_text_addc(out, '\n');
}

static void add_pattern(struct ct_text *out, const struct ct_report *in,
			const struct ct_finding *pattern)
{
	ct_text_add(out, "  ");
	ct_text_add(out, pattern->rule->id);
	ct_text_add(out, ": ");
	ct_words_headline(out, in->naming, pattern);
	ct_text_add(out, pattern->assumes ? "\n    not certain: " : "\n    cannot happen: ");
	ct_words_ruled_out(out, in->naming, pattern);
	ct_text_addc(out, '\n');
	for (size_t i = 0; i < pattern->step_count; i++)
		add_step(out, in, &pattern->steps[i]);
}

void ct_text_add_ruled_out(struct ct_text *out, const struct ct_report *in)
{
	const struct ct_findings *findings = in->findings;

	if (!findings->ruled_out_count)
		return;
	ct_style_add(out, in->color, CT_STYLE_STRONG, "ruled out");
	ct_text_addc(out, '\n');
	for (size_t i = 0; i < findings->ruled_out_count; i++)
		add_pattern(out, in, findings->ruled_out[i]);
	ct_text_addc(out, '\n');
}
