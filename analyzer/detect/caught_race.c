#include "detect/caught_race.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/text.h"
#include "base/vec.h"
#include "detect/atomicity_places.h"
#include "detect/caught_sides.h"
#include "detect/race_side.h"
#include "finding/lasting.h"
#include "model/plain.h"

/* What is told already. */
struct told {
	struct ct_finding *finding;
	struct ct_race *race;
};

struct telling {
	const struct ct_rule *rule;
	const struct ct_caught *caught;
	struct ct_findings *findings;
	struct ct_plain *plain;
	struct ct_sources *sources; /* owned */
	struct ct_places places;
	struct ct_names races; /* two places and a variable, each once ... */
	struct told *told;     /* ... and by its number; owned */
	size_t told_cap;
};

static enum ct_status begin(struct telling *telling, const struct ct_model *model)
{
	struct ct_places *places = &telling->places;
	enum ct_status status;

	places->trace = model->trace;
	ct_arena_init(&places->arena);
	ct_names_init(&places->names, &places->arena);
	ct_names_init(&telling->races, &places->arena);
	ct_map_init(&places->known);
	status = ct_symbols_new(places->trace, &places->symbols);
	if (status == CT_OK)
		status = ct_sources_new(NULL, &telling->sources);
	return status ? status : ct_plain_new(places->symbols, &telling->plain);
}

static void end(struct telling *telling)
{
	struct ct_places *places = &telling->places;

	ct_plain_free(telling->plain);
	ct_sources_free(telling->sources);
	ct_symbols_free(places->symbols);
	ct_names_fini(&telling->races);
	ct_names_fini(&places->names);
	ct_map_fini(&places->known);
	ct_arena_fini(&places->arena);
	free(telling->told);
}

static struct ct_plain_verdict judge(const struct telling *telling,
				     const struct ct_caught_pair *pair)
{
	struct ct_plain_verdict verdict = {0};
	struct ct_plain_access sides[2];

	for (int i = 0; i < 2; i++) {
		const struct ct_caught_side *side = &pair->sides[i];

		sides[i] = (struct ct_plain_access){.process = side->thread->process->number,
						    .stack = side->stack,
						    .address = side->address,
						    .time = side->time,
						    .size = side->size,
						    .kind = side->kind};
	}
	ct_plain_judge(telling->plain, sides, &verdict);
	return verdict;
}

static enum ct_status fill_side(const struct telling *telling, const struct ct_caught_side *from,
				struct ct_race_side *side)
{
	*side = (struct ct_race_side){
		.place = ct_race_place(from->thread, from->stack, from->time),
		.address = from->address,
		.size = from->size,
		.kind = from->kind & (CT_ACCESS_READ | CT_ACCESS_WRITE | CT_CAUGHT_LIBRARY),
		.how = from->how,
		.before = from->before,
		.after = from->after,
	};
	if (from->kind & CT_CAUGHT_LOCKED)
		side->kind |= CT_ACCESS_ATOMIC;
	return ct_race_side_hold(side, &telling->findings->arena,
				 ct_caught_lockset(telling->caught, from->lockset));
}

static enum ct_status make_race(const struct telling *telling, const struct ct_caught_pair *pair,
				struct ct_race **out_race)
{
	struct ct_race *race = ct_arena_calloc(&telling->findings->arena, 1, sizeof(*race));
	enum ct_status status = race ? CT_OK : CT_ENOMEM;

	for (int i = 0; !status && i < 2; i++)
		status = fill_side(telling, &pair->sides[i], &race->sides[i]);
	if (status)
		return status;
	race->address = pair->address;
	race->stack_owner = pair->stack_owner;
	race->in_run = true;
	race->caught = true;
	race->between_processes = pair->sides[0].thread->process != pair->sides[1].thread->process;
	race->more = pair->count - 1;
	ct_caught_sides_order(race, telling->places.symbols);
	*out_race = race;
	return ct_caught_sides_name(race, telling->places.symbols, telling->sources,
				    &telling->findings->arena);
}

/* Where the two sides are: lines by their numbers, or pieces of code. */
struct spots {
	bool lines, known;
	uint64_t at[2];
};

/* As many bytes as an instruction has at most. Accesses of one statement are about as far apart. */
enum { CODE_PIECE = 16 };

static enum ct_status find_spots(struct telling *telling, const struct ct_race *race,
				 struct spots *out)
{
	uint32_t lines[2] = {0};
	enum ct_status status = CT_OK;

	for (int i = 0; !status && i < 2; i++)
		status = ct_places_number(&telling->places, race->sides[i].place.process,
					  race->sides[i].place.stack, &lines[i]);
	*out = (struct spots){.lines = lines[0] && lines[1], .known = true};
	for (int i = 0; !status && i < 2; i++) {
		const struct ct_place *place = &race->sides[i].place;
		const struct ct_trace_stack *stack =
			ct_trace_stack(telling->places.trace, place->process, place->stack);

		out->at[i] = lines[i];
		if (out->lines)
			continue;
		out->known &= stack && stack->depth;
		if (out->known)
			out->at[i] = stack->frames[0] / CODE_PIECE;
	}
	return status;
}

/* "l12 l14 counter", whichever is first. */
static void add_key(const struct telling *telling, const struct ct_race *race,
		    const struct spots *spots, struct ct_text *out)
{
	int first = spots->at[0] > spots->at[1];
	char kind = spots->lines ? 'l' : 'c';

	ct_text_reset(out);
	ct_text_addf(out, "%c%" PRIu64 " %c%" PRIu64 " ", kind, spots->at[first], kind,
		     spots->at[!first]);
	(void)ct_lasting_memory(out, telling->places.symbols, race, "");
}

/* Whether something is told of code nearby. */
static bool find_near(const struct telling *telling, const struct ct_race *race,
		      const struct spots *spots, struct ct_text *key, uint32_t *out_number)
{
	for (int i = 0; i < 9; i++) {
		struct spots near = *spots;

		near.at[0] += (uint64_t)(i / 3) - 1;
		near.at[1] += (uint64_t)(i % 3) - 1;
		add_key(telling, race, &near, key);
		if (ct_names_find(&telling->races, ct_text_str(key), out_number))
			return true;
	}
	return false;
}

/* The number of the race; what nothing is known of is one of its own. */
static enum ct_status number_of(struct telling *telling, const struct ct_race *race,
				uint32_t *out_number)
{
	struct spots spots;
	struct ct_text key;
	enum ct_status status = find_spots(telling, race, &spots);

	if (status)
		return status;
	ct_text_init(&key);
	if (!spots.lines && spots.known && find_near(telling, race, &spots, &key, out_number)) {
		ct_text_fini(&key);
		return CT_OK;
	}
	add_key(telling, race, &spots, &key);
	if (!spots.known)
		ct_text_addf(&key, "#%" PRIu32, ct_names_count(&telling->races));
	status = ct_text_status(&key);
	if (status == CT_OK)
		status = ct_names_intern(&telling->races, ct_text_str(&key), out_number);
	ct_text_fini(&key);
	return status;
}

/* Of memory whose type is not known an atomic access is as likely as a plain one. */
static enum ct_severity severity_of(const struct ct_plain_verdict *verdict)
{
	bool proven = verdict->sides[0] == CT_PLAIN_PROVEN || verdict->sides[1] == CT_PLAIN_PROVEN;

	if (verdict->observed)
		return CT_ERROR;
	return verdict->typed || proven ? CT_WARNING : CT_NOTE;
}

static void set_verdict(struct told *told, const struct ct_plain_verdict *verdict)
{
	struct ct_finding *finding = told->finding;

	finding->evidence = verdict->observed ? CT_OBSERVED : CT_POTENTIAL;
	finding->severity = severity_of(verdict);
	finding->assumes = verdict->observed ? NULL : verdict->reason;
	finding->race = told->race;
}

/* Told before, of other instructions there: the surer one stands. */
static void merge(struct told *told, struct ct_race *race, const struct ct_plain_verdict *verdict)
{
	size_t more = told->race->more + 1 + race->more;

	if (severity_of(verdict) > told->finding->severity) {
		told->race = race;
		set_verdict(told, verdict);
	}
	told->race->more = more;
}

static enum ct_status tell(struct telling *telling, const struct ct_caught_pair *pair,
			   const struct ct_plain_verdict *verdict)
{
	uint32_t before = ct_names_count(&telling->races), number;
	struct ct_race *race;
	struct told *told;
	enum ct_status status = make_race(telling, pair, &race);

	if (status == CT_OK)
		status = number_of(telling, race, &number);
	if (status == CT_OK)
		status = ct_vec_grow(&telling->told, &telling->told_cap, number + 1,
				     sizeof(*telling->told));
	if (status)
		return status;
	told = &telling->told[number];
	if (number < before) {
		merge(told, race, verdict);
		return CT_OK;
	}
	told->race = race;
	told->finding = ct_findings_add(telling->findings, telling->rule, CT_POTENTIAL);
	if (!told->finding)
		return CT_ENOMEM;
	set_verdict(told, verdict);
	return CT_OK;
}

enum ct_status ct_caught_tell(const struct ct_rule *rule, const struct ct_model *model,
			      const struct ct_caught *caught, struct ct_findings *findings)
{
	struct telling telling = {.rule = rule, .caught = caught, .findings = findings};
	const struct ct_caught_pair *pairs;
	enum ct_status status;
	size_t count;

	pairs = ct_caught_pairs(caught, &count);
	if (!count)
		return CT_OK;
	status = begin(&telling, model);
	for (size_t i = 0; !status && i < count; i++) {
		const struct ct_plain_verdict verdict = judge(&telling, &pairs[i]);

		if (verdict.told)
			status = tell(&telling, &pairs[i], &verdict);
	}
	end(&telling);
	return status;
}
