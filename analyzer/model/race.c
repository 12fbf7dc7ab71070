#include "model/race.h"

#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/vec.h"
#include "model/closure.h"
#include "model/code_place.h"
#include "model/race_reverse.h"
#include "model/reach_private.h"

enum {
	TRIES = 8, /* of one pair of places; of a text trace: */
	TEXT_TRIES = 1000,
	PAIRS_MAX = 1 << 20,
};

/* Steps of showing that accesses can meet. */
#define WORK_MAX 1000000000u
/* ... in an order in which locks are taken in another order. */
#define REVERSE_WORK_MAX 20000000u

struct ct_races {
	const struct ct_model *model;
	struct ct_reach *reach;
	bool complete;	       /* all accesses are known: other orders can be told */
	struct ct_map pair_of; /* two sites: index */
	struct ct_code_places sites;
	struct ct_race_pair *pairs;
	size_t pair_count, pair_cap;
	bool given_up;
};

static enum ct_status watch(void *context, const struct ct_reach_meeting *meeting);

enum ct_status ct_races_new(const struct ct_model *model, struct ct_races **out_races)
{
	struct ct_races *races = calloc(1, sizeof(*races));
	enum ct_status status;

	if (!races)
		return CT_ENOMEM;
	races->model = model;
	races->complete = model->trace->accesses;
	ct_map_init(&races->pair_of);
	ct_code_places_init(&races->sites, model->trace);
	status = ct_reach_share(model, &races->reach);
	if (status) {
		ct_races_free(races);
		return status;
	}
	ct_reach_watch(races->reach, watch, races);
	*out_races = races;
	return CT_OK;
}

void ct_races_free(struct ct_races *races)
{
	if (!races)
		return;
	if (races->reach)
		ct_reach_watch(races->reach, NULL, NULL);
	ct_reach_free(races->reach);
	for (size_t i = 0; i < races->pair_count; i++) {
		free(races->pairs[i].tries);
		free(races->pairs[i].runs);
	}
	free(races->pairs);
	ct_map_fini(&races->pair_of);
	ct_code_places_fini(&races->sites);
	free(races);
}

enum ct_status ct_races_step(struct ct_races *races, const struct ct_step *step)
{
	return ct_reach_step(races->reach, step);
}

/* Reads and writes at one place are two things. */
static uint32_t site_and_kind(uint64_t site, uint8_t kind)
{
	return (uint32_t)site << 1 | !!(kind & CT_ACCESS_WRITE);
}

static enum ct_status pair_of(struct ct_races *races, const struct ct_reach_meeting *meeting,
			      struct ct_race_pair **out_pair)
{
	const struct ct_thread *thread = races->model->threads[meeting->earlier->thread];
	uint64_t site, key, at;
	uint32_t first, second;
	enum ct_status status =
		ct_code_place(&races->sites, thread, meeting->earlier->stack, &site);

	first = site_and_kind(site, meeting->earlier->kind);
	if (status == CT_OK)
		status = ct_code_place(&races->sites, meeting->step->thread, meeting->later->stack,
				       &site);
	if (status)
		return status;
	second = site_and_kind(site, meeting->later->kind);
	key = first < second ? (uint64_t)first << 32 | second : (uint64_t)second << 32 | first;
	if (ct_map_get(&races->pair_of, key, &at)) {
		*out_pair = &races->pairs[at];
		return CT_OK;
	}
	*out_pair = NULL;
	if (races->pair_count >= PAIRS_MAX) {
		races->given_up = true;
		return CT_OK;
	}
	status = ct_vec_grow(&races->pairs, &races->pair_cap, races->pair_count + 1,
			     sizeof(*races->pairs));
	if (status == CT_OK)
		status = ct_map_put(&races->pair_of, key, races->pair_count);
	if (status)
		return status;
	*out_pair = &races->pairs[races->pair_count++];
	**out_pair = (struct ct_race_pair){0};
	return CT_OK;
}

static bool conflict(const struct ct_shadow_entry *a, const struct ct_shadow_entry *b)
{
	return (a->kind | b->kind) & CT_ACCESS_WRITE && !(a->kind & b->kind & CT_ACCESS_ATOMIC);
}

static struct ct_race_access access_of(const struct ct_races *races,
				       const struct ct_shadow_entry *entry, uint64_t address)
{
	return (struct ct_race_access){
		.thread = races->model->threads[entry->thread],
		.position = entry->position,
		.stack = entry->stack,
		.time = entry->time,
		.address = address,
		.lockset = entry->lockset,
		.size = entry->size,
		.kind = entry->kind,
	};
}

/* Where the access begins: what is before the cell is not known, so there at the earliest. */
static uint64_t begin_in_cell(const struct ct_shadow_entry *entry, uint64_t cell)
{
	return cell + (uint64_t)__builtin_ctz(entry->mask);
}

/* The block is the one that is there now: it has not ended since the earlier access. */
static void fill(const struct ct_races *races, const struct ct_reach_meeting *meeting,
		 struct ct_race_instance *instance)
{
	const struct ct_process *process = meeting->step->thread->process;
	uint64_t cell = meeting->access->address + (meeting->location - meeting->access->location);
	unsigned both = (unsigned)(meeting->earlier->mask & meeting->later->mask);
	struct ct_race_memory *memory = &instance->memory;

	if (races->model->trace->text) /* a variable's number is its address */
		cell = meeting->access->address;
	*instance = (struct ct_race_instance){
		.sides = {access_of(races, meeting->earlier, begin_in_cell(meeting->earlier, cell)),
			  access_of(races, meeting->later, begin_in_cell(meeting->later, cell))}};
	memory->address = cell + (uint64_t)__builtin_ctz(both);
	if (!ct_model_block(races->model, process, memory->address, &memory->block))
		memory->block.size = 0;
	memory->stack_owner = ct_model_stack_owner(races->model, process, memory->address);
}

static enum ct_status note(struct ct_races *races, const struct ct_reach_meeting *meeting,
			   bool in_run)
{
	struct ct_race_pair *pair;
	enum ct_status status = pair_of(races, meeting, &pair);

	if (status || !pair)
		return status;
	pair->count++;
	if (pair->verdict == CT_RACE_IN_RUN)
		return CT_OK;
	if (in_run) {
		pair->verdict = CT_RACE_IN_RUN;
		fill(races, meeting, &pair->shown);
		return CT_OK;
	}
	if (pair->try_count >= (races->model->trace->text ? TEXT_TRIES : TRIES))
		return CT_OK;
	status = ct_vec_grow(&pair->tries, &pair->try_cap, pair->try_count + 1,
			     sizeof(*pair->tries));
	if (status == CT_OK)
		fill(races, meeting, &pair->tries[pair->try_count++]);
	return status;
}

static enum ct_status watch(void *context, const struct ct_reach_meeting *meeting)
{
	struct ct_races *races = context;
	const struct ct_shadow_entry *earlier = meeting->earlier, *later = meeting->later;
	const struct ct_reach_stamp *now = &races->reach->threads[later->thread].now;
	enum ct_status status;
	bool in_run, excluded;

	if (!conflict(earlier, later))
		return CT_OK;
	in_run = ct_vclock_epoch(&now->before, earlier->thread) < earlier->position;
	if (!in_run &&
	    (!races->complete || ct_vclock_epoch(&now->must, earlier->thread) >= earlier->position))
		return CT_OK;
	status = ct_locksets_exclude(&races->reach->locksets, earlier->lockset, later->lockset,
				     &excluded);
	return status || excluded ? status : note(races, meeting, in_run);
}

/* How far each thread gets. */
static enum ct_status take_runs(const struct ct_races *races, const struct ct_closure *closure,
				struct ct_race_pair *pair)
{
	const struct ct_model *model = races->model;

	pair->runs = calloc(model->thread_count, sizeof(*pair->runs));
	if (!pair->runs)
		return CT_ENOMEM;
	for (size_t i = 0; i < model->thread_count; i++) {
		uint32_t reached = ct_closure_reached(closure, model->threads[i]);

		if (reached)
			pair->runs[pair->run_count++] =
				(struct ct_schedule_run){model->threads[i], reached};
	}
	return CT_OK;
}

/* Whether both threads can stand just before their accesses. */
static enum ct_status try_closure(struct ct_closure *closure,
				  const struct ct_race_instance *instance, bool *out_possible)
{
	const struct ct_race_access *a = &instance->sides[0], *b = &instance->sides[1];
	enum ct_status status;

	ct_closure_begin(closure);
	status = ct_closure_stand(closure, a->thread, a->position);
	if (status == CT_OK)
		status = ct_closure_stand(closure, b->thread, b->position);
	if (status == CT_OK)
		status = ct_closure_close(closure, out_possible);
	if (status == CT_OK)
		*out_possible &= ct_closure_reached(closure, a->thread) < a->position &&
				 ct_closure_reached(closure, b->thread) < b->position;
	return status;
}

static enum ct_status judge(struct ct_races *races, struct ct_closure *closure,
			    struct ct_race_pair *pair)
{
	enum ct_status status = CT_OK;
	bool possible = false;
	size_t at;

	for (at = 0; !status && at < pair->try_count && !possible; at++) {
		if (ct_closure_work(closure) > WORK_MAX) {
			races->given_up = true;
			return CT_OK;
		}
		status = try_closure(closure, &pair->tries[at], &possible);
	}
	if (status || !possible)
		return status;
	pair->verdict = CT_RACE_REORDERED;
	pair->shown = pair->tries[at - 1];
	return take_runs(races, closure, pair);
}

/* What the closure did not show. */
static enum ct_status judge_reversed(struct ct_races *races, struct ct_race_pair *pair,
				     uint64_t *budget)
{
	enum ct_status status = CT_OK;
	bool possible = false;
	size_t at;

	for (at = 0; !status && at < pair->try_count && !possible && *budget; at++)
		status = ct_race_reverse(races->reach, &pair->tries[at], budget, &possible);
	if (status || !possible)
		return status;
	pair->verdict = CT_RACE_REVERSED;
	pair->shown = pair->tries[at - 1];
	return CT_OK;
}

enum ct_status ct_races_finish(struct ct_races *races)
{
	struct ct_closure *closure = NULL;
	uint64_t budget = REVERSE_WORK_MAX;
	enum ct_status status = ct_reach_finish(races->reach);

	if (status == CT_OK)
		status = ct_closure_new(races->reach, false, &closure);
	for (size_t i = 0; !status && i < races->pair_count; i++)
		if (races->pairs[i].verdict == CT_RACE_NOT_SHOWN)
			status = judge(races, closure, &races->pairs[i]);
	for (size_t i = 0; !status && i < races->pair_count; i++)
		if (races->pairs[i].verdict == CT_RACE_NOT_SHOWN)
			status = judge_reversed(races, &races->pairs[i], &budget);
	ct_closure_free(closure);
	return status;
}

const struct ct_race_pair *ct_races_pairs(const struct ct_races *races, size_t *out_count)
{
	*out_count = races->pair_count;
	return races->pairs;
}

const struct ct_lockset *ct_races_lockset(const struct ct_races *races, uint32_t lockset)
{
	return &races->reach->locksets.sets[lockset];
}

const struct ct_reach *ct_races_reach(const struct ct_races *races)
{
	return races->reach;
}

bool ct_races_given_up(const struct ct_races *races)
{
	return races->given_up || ct_reach_is_incomplete(races->reach);
}
