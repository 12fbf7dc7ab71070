#include "detect/detector.h"

#include <stdlib.h>

#include "detect/caught_race.h"
#include "detect/race_side.h"
#include "detect/witness.h"
#include "model/race.h"
#include "model/unseen_order.h"
#include "model/unseen_values.h"

/* Events that are put in order for the witnesses of all findings. */
enum { WITNESS_EVENTS = 5000000 };

static const struct ct_rule data_race = {
	.id = "data-race",
	.title = "two threads access the same memory, at least one writes, and nothing orders them",
	.help = "Hold the same lock at both, or make both atomic, or let one thread wait until the "
		"other one is done.",
	.severity = CT_ERROR,
	.family = CT_FAMILY_RACE,
};

struct telling {
	const struct ct_model *model;
	const struct ct_races *races;
	struct ct_findings *findings;
	size_t budget;
};

/* Of accesses that were recorded one by one, and of those that were caught. Both NULL where the
 * begin of the record is left out: what orders two accesses, and which locks are held, may be in
 * it. */
struct looking {
	struct ct_races *races; /* or NULL: there are none */
	struct ct_caught *caught;
};

static enum ct_status begin(const struct ct_model *model, void **out_state)
{
	struct looking *looking = calloc(1, sizeof(*looking));
	enum ct_status status;

	*out_state = looking;
	if (!looking)
		return CT_ENOMEM;
	if (model->trace->complete_from)
		return CT_OK;
	status = ct_caught_new(model, &looking->caught);
	if (status || !model->trace->some_accesses)
		return status;
	return ct_races_new(model, &looking->races);
}

static enum ct_status step(void *state, const struct ct_model *model, const struct ct_step *step)
{
	struct looking *looking = state;
	enum ct_status status = looking->caught ? ct_caught_step(looking->caught, step) : CT_OK;

	(void)model;
	if (status || !looking->races)
		return status;
	return ct_races_step(looking->races, step);
}

static enum ct_status fill_side(const struct telling *telling, const struct ct_race_access *access,
				struct ct_race_side *side)
{
	*side = (struct ct_race_side){
		.place = ct_race_place(access->thread, access->stack, access->time),
		.address = access->address,
		.size = access->size,
		.kind = access->kind,
	};
	return ct_race_side_hold(side, &telling->findings->arena,
				 ct_races_lockset(telling->races, access->lockset));
}

static enum ct_status fill(const struct telling *telling, const struct ct_race_pair *pair,
			   struct ct_finding *finding)
{
	struct ct_race *race = ct_arena_alloc(&telling->findings->arena, sizeof(*race));
	const struct ct_race_access *sides = pair->shown.sides;
	const struct ct_race_memory *memory = &pair->shown.memory;
	enum ct_status status;

	if (!race)
		return CT_ENOMEM;
	finding->race = race;
	race->address = memory->address;
	race->stack_owner = memory->stack_owner;
	race->in_run = pair->verdict == CT_RACE_IN_RUN;
	race->between_processes = sides[0].thread->process != sides[1].thread->process;
	race->more = pair->count - 1;
	if (memory->block.size) {
		race->block_address = memory->block.address;
		race->block_size = memory->block.size;
		race->allocated_at = ct_race_place(memory->block.thread, memory->block.stack,
						   memory->block.time);
	}
	status = fill_side(telling, &sides[0], &race->sides[0]);
	return status ? status : fill_side(telling, &sides[1], &race->sides[1]);
}

/* A module that may have ordered the two threads unseen, or NULL. */
static const char *unseen(const struct telling *telling, const struct ct_race_pair *pair)
{
	const char *module = ct_unseen_order(telling->model, pair->shown.sides[0].thread->process);

	return module ? module
		      : ct_unseen_order(telling->model, pair->shown.sides[1].thread->process);
}

/* What has to be so for the finding to be right, or NULL: it is right. And how bad it is: most
 * programs are right about what their libraries do. */
static enum ct_status assumption(struct telling *telling, const struct ct_race_pair *pair,
				 const char **out_text, enum ct_severity *out_severity)
{
	struct ct_arena *arena = &telling->findings->arena;
	const struct ct_race_instance *shown = &pair->shown;
	const char *module = unseen(telling, pair), *function = NULL;
	const char *owner = ct_unseen_owner(telling->model, shown->sides[1].thread->process,
					    shown->memory.address);

	*out_text = NULL;
	*out_severity = module || owner ? CT_WARNING : data_race.severity;
	if (pair->verdict != CT_RACE_IN_RUN)
		function = ct_unseen_values(telling->model);
	if (module)
		*out_text = ct_arena_printf(arena,
					    "these threads are not ordered by %s, which was not "
					    "compiled for conctrace",
					    module);
	else if (owner)
		*out_text = ct_arena_printf(arena,
					    "%s, whose own data this is, does not allow for "
					    "these accesses",
					    owner);
	else if (pair->verdict == CT_RACE_REVERSED)
		*out_text = "the threads can take their locks in another order than in this run, "
			    "and do the same then";
	else if (function)
		*out_text = ct_arena_printf(arena,
					    "what these threads do does not depend on values that "
					    "pass between them unseen, as by a call of %s",
					    function);
	else
		return CT_OK;
	return *out_text ? CT_OK : CT_ENOMEM;
}

static enum ct_status add_witness(struct telling *telling, const struct ct_race_pair *pair,
				  struct ct_finding *finding)
{
	const struct ct_thread *standing[] = {pair->shown.sides[0].thread,
					      pair->shown.sides[1].thread};
	const struct ct_witness_goals goals = {
		.model = telling->model,
		.reach = ct_races_reach(telling->races),
		.runs = pair->runs,
		.count = pair->run_count,
		.standing = standing,
		.standing_count = 2,
	};

	return ct_witness_make(telling->findings, finding, &goals, &telling->budget);
}

static enum ct_status tell(struct telling *telling, const struct ct_race_pair *pair)
{
	struct ct_finding *finding;
	const char *assumes;
	enum ct_severity severity;
	enum ct_status status = assumption(telling, pair, &assumes, &severity);

	if (status)
		return status;
	finding = ct_findings_add(telling->findings, &data_race,
				  assumes ? CT_POTENTIAL : CT_PREDICTED);
	if (!finding)
		return CT_ENOMEM;
	finding->assumes = assumes;
	finding->severity = severity;
	status = fill(telling, pair, finding);
	if (status == CT_OK && pair->verdict == CT_RACE_REORDERED)
		status = add_witness(telling, pair, finding);
	return status;
}

/* So that silence is not taken for proof. */
static enum ct_status tell_limit(struct ct_findings *findings)
{
	struct ct_finding *note = ct_findings_add(findings, &data_race, CT_POTENTIAL);

	if (!note)
		return CT_ENOMEM;
	note->severity = CT_NOTE;
	note->headline = "the search for data races was given up: there may be more";
	return CT_OK;
}

static enum ct_status finish_recorded(const struct ct_model *model, struct ct_races *races,
				      struct ct_findings *findings)
{
	struct telling telling = {model, races, findings, WITNESS_EVENTS};
	const struct ct_race_pair *pairs;
	enum ct_status status = ct_races_finish(races);
	size_t count;

	if (status)
		return status;
	pairs = ct_races_pairs(races, &count);
	for (size_t i = 0; !status && i < count; i++)
		if (pairs[i].verdict != CT_RACE_NOT_SHOWN)
			status = tell(&telling, &pairs[i]);
	return status;
}

static enum ct_status finish(void *state, const struct ct_model *model,
			     struct ct_findings *findings)
{
	const struct looking *looking = state;
	enum ct_status status = CT_OK;

	if (!looking->caught)
		return CT_OK;
	if (looking->races)
		status = finish_recorded(model, looking->races, findings);
	if (status == CT_OK)
		status = ct_caught_tell(&data_race, model, looking->caught, findings);
	if (status == CT_OK && (ct_caught_given_up(looking->caught) ||
				(looking->races && ct_races_given_up(looking->races))))
		status = tell_limit(findings);
	return status;
}

static void end(void *state)
{
	struct looking *looking = state;

	if (!looking)
		return;
	ct_races_free(looking->races);
	ct_caught_free(looking->caught);
	free(looking);
}

static const struct ct_rule *const rules[] = {&data_race, NULL};

const struct ct_detector ct_detect_data_race = {
	.name = "data_race",
	.rules = rules,
	.begin = begin,
	.step = step,
	.finish = finish,
	.end = end,
};
