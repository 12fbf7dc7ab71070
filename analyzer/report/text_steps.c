#include "report/text_parts.h"

#include <string.h>

#include "base/text.h"
#include "model/names.h"
#include "report/style.h"
#include "report/words.h"

static bool is_held_in(const struct ct_finding *finding, const struct ct_object *object)
{
	for (size_t i = 0; i < finding->step_count; i++)
		if (finding->steps[i].holds == object)
			return true;
	return false;
}

static void add_hold(struct ct_text *out, const struct ct_report *in,
		     const struct ct_step_of_cycle *step)
{
	ct_text_add(out, "    ");
	if (step->held_at.text) {
		ct_text_add_printable(out, step->held_at.text);
	} else {
		ct_text_add(out, "holds ");
		ct_words_object_in_full(out, in->naming, step->holds);
		ct_text_add(out, step->held_at.stack ? ", taken" : "");
	}
	ct_text_addc(out, '\n');
	ct_text_add_stack(out, in, step->held_at.process, step->held_at.stack);
}

static void add_want(struct ct_text *out, const struct ct_report *in,
		     const struct ct_finding *finding, const struct ct_step_of_cycle *step)
{
	ct_text_add(out, "    ");
	if (step->wanted_at.text) {
		ct_text_add_printable(out, step->wanted_at.text);
	} else {
		if (finding->evidence >= CT_CONFIRMED)
			ct_text_add(out, "is stuck where it ");
		else if (step->holds)
			ct_text_add(out, "then ");
		/* Objects that a step holds are told in full there. */
		if (step->wants && !is_held_in(finding, step->wants)) {
			ct_text_addf(out, "%s ", ct_words_verb(step));
			ct_words_object_in_full(out, in->naming, step->wants);
		} else {
			ct_words_want(out, in->naming, step);
		}
	}
	ct_text_addc(out, '\n');
	ct_text_add_stack(out, in, step->wanted_at.process, step->wanted_at.stack);
}

static void add_who(struct ct_text *out, const struct ct_report *in, const struct ct_thread *thread)
{
	ct_style_begin(out, in->color, CT_STYLE_STRONG);
	ct_text_add_printable(out, ct_name_thread(in->naming, thread));
	ct_style_end(out, in->color);
}

static void add_place(struct ct_text *out, const struct ct_report *in, const struct ct_place *place)
{
	ct_text_add(out, "  ");
	if (place->thread) {
		add_who(out, in, place->thread);
		ct_text_addc(out, ' ');
	}
	ct_text_add_printable(out, place->text ? place->text : "was here");
	ct_text_addc(out, '\n');
	ct_text_add_stack(out, in, place->process, place->stack);
}

/* Whether as many were told before of whom the same is said: they are counted at the end. */
static bool is_one_of_many(const struct ct_finding *finding, size_t place)
{
	const char *text = finding->places[place].text;
	size_t same = 0;

	for (size_t i = 0; text && i < place && same < CT_TEXT_WAITING; i++)
		same += finding->places[i].text && strcmp(finding->places[i].text, text) == 0;
	return same == CT_TEXT_WAITING;
}

static void add_places(struct ct_text *out, const struct ct_report *in,
		       const struct ct_finding *finding)
{
	size_t untold = 0;

	for (size_t i = 0; i < finding->place_count; i++) {
		if (is_one_of_many(finding, i))
			untold++;
		else
			add_place(out, in, &finding->places[i]);
	}
	if (untold)
		ct_text_addf(out, "  and %zu more likewise\n", untold);
}

void ct_text_add_steps(struct ct_text *out, const struct ct_report *in,
		       const struct ct_finding *finding)
{
	for (size_t i = 0; i < finding->step_count; i++) {
		const struct ct_step_of_cycle *step = &finding->steps[i];

		ct_text_add(out, "  ");
		add_who(out, in, step->thread);
		ct_text_addc(out, '\n');
		if (step->holds)
			add_hold(out, in, step);
		add_want(out, in, finding, step);
	}
	add_places(out, in, finding);
}
