#include "report/finding_place.h"

#include "base/text.h"
#include "finding/stack.h"
#include "model/names.h"
#include "report/race_words.h"
#include "report/reporter.h"
#include "report/words.h"

static size_t places_of_step(const struct ct_step_of_cycle *step)
{
	return step->holds ? 2 : 1;
}

/* The check, if there is one, and the two sides. */
static size_t places_of_race(const struct ct_race *race)
{
	return race ? 2 + (race->check != NULL) : 0;
}

static struct ct_finding_place place_of_race(const struct ct_race *race, size_t index)
{
	const struct ct_race_side *side;

	if (race->check && index == 0)
		side = race->check;
	else
		side = &race->sides[index - (race->check != NULL)];
	return (struct ct_finding_place){CT_PLACE_ACCESS, side->place.thread, NULL, &side->place,
					 side};
}

size_t ct_finding_place_count(const struct ct_finding *finding)
{
	size_t count = finding->place_count + places_of_race(finding->race);

	for (size_t i = 0; i < finding->step_count; i++)
		count += places_of_step(&finding->steps[i]);
	return count;
}

struct ct_finding_place ct_finding_place(const struct ct_finding *finding, size_t index)
{
	for (size_t i = 0; i < finding->step_count; i++) {
		const struct ct_step_of_cycle *step = &finding->steps[i];

		if (index == 0 && step->holds)
			return (struct ct_finding_place){CT_PLACE_HELD, step->thread, step,
							 &step->held_at, NULL};
		if (index < places_of_step(step))
			return (struct ct_finding_place){CT_PLACE_WANTED, step->thread, step,
							 &step->wanted_at, NULL};
		index -= places_of_step(step);
	}
	if (index < places_of_race(finding->race))
		return place_of_race(finding->race, index);
	index -= places_of_race(finding->race);
	return (struct ct_finding_place){CT_PLACE_FURTHER, finding->places[index].thread, NULL,
					 &finding->places[index], NULL};
}

/* "T1 locks `b`" */
void ct_finding_place_text(struct ct_text *out, const struct ct_report *in,
			   const struct ct_finding_place *place)
{
	if (place->thread)
		ct_text_addf(out, "%s ", ct_name_thread(in->naming, place->thread));
	if (place->place->text) {
		ct_text_add(out, place->place->text);
	} else if (place->role == CT_PLACE_ACCESS) {
		ct_race_add_access(out, in->naming, place->side);
	} else if (place->role == CT_PLACE_HELD) {
		ct_text_add(out, "takes ");
		ct_words_object(out, in->naming, place->step->holds);
	} else if (place->role == CT_PLACE_WANTED) {
		ct_words_want(out, in->naming, place->step);
	} else {
		ct_text_add(out, "was here");
	}
}

size_t ct_finding_place_main(const struct ct_report *in, const struct ct_finding *finding)
{
	size_t count = ct_finding_place_count(finding), best = count;

	for (size_t i = 0; i < count; i++) {
		struct ct_finding_place place = ct_finding_place(finding, i);
		struct ct_shown_stack shown;

		ct_stack_shown(in->symbols, place.place->process, place.place->stack, &shown);
		if (!shown.top || !shown.top->file)
			continue;
		if (place.role == CT_PLACE_WANTED)
			return i;
		if (best == count)
			best = i;
	}
	return best < count ? best : 0;
}
