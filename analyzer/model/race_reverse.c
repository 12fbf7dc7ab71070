#include "model/race_reverse.h"

#include <stdlib.h>

#include "model/reach_private.h"

struct runner {
	uint32_t position, goal;
	size_t past, section; /* the next of its pasts and sections */
	size_t open;	      /* sections before this one are over */
};

struct reversal {
	const struct ct_reach *reach;
	struct runner *runners; /* by thread id */
	uint64_t *budget;
};

static enum ct_status raise_goal(void *context, uint32_t thread, uint32_t position)
{
	struct reversal *reversal = context;

	if (reversal->runners[thread].goal < position)
		reversal->runners[thread].goal = position;
	return CT_OK;
}

static enum ct_status is_done(void *context, uint32_t thread, uint32_t position)
{
	const struct reversal *reversal = context;

	return reversal->runners[thread].position >= position ? CT_OK : CT_ENOTFOUND;
}

static const struct ct_vclock nothing = {.thread = UINT32_MAX};

/* All that has to come before the thread's event at `position`, that one not included. */
static enum ct_status add_goals(struct reversal *reversal, const struct ct_race_access *side)
{
	const struct ct_reach_thread *thread = &reversal->reach->threads[side->thread->id];
	const struct ct_vclock *past = ct_reach_past(thread, side->position - 1);
	enum ct_status status = raise_goal(reversal, side->thread->id, side->position - 1);

	return status || !past ? status
			       : ct_vclock_differences(&nothing, past, raise_goal, reversal);
}

static bool holds(const struct reversal *reversal, uint32_t thread, uint32_t lock, bool exclusive)
{
	const struct ct_reach_thread *of = &reversal->reach->threads[thread];
	const struct runner *runner = &reversal->runners[thread];

	for (size_t i = runner->open; i < runner->section; i++) {
		const struct ct_reach_section *section = &of->sections[i];

		if (reversal->reach->pairs[section->pair].lock == lock &&
		    (!section->end || section->end > runner->position) &&
		    (exclusive || section->exclusive))
			return true;
	}
	return false;
}

static bool is_free(const struct reversal *reversal, uint32_t thread,
		    const struct ct_reach_section *section)
{
	const struct ct_reach *reach = reversal->reach;
	uint32_t lock = reach->pairs[section->pair].lock;
	const struct ct_reach_source *source = &reach->sources[lock];

	for (size_t i = 0; i < source->pair_count; i++) {
		uint32_t other = reach->pairs[source->pairs[i]].thread;

		if (other != thread && holds(reversal, other, lock, section->exclusive))
			return false;
	}
	return true;
}

/* To the next event where something comes in or a lock is taken; false: it has to wait. */
static bool step(struct reversal *reversal, uint32_t id)
{
	const struct ct_reach_thread *thread = &reversal->reach->threads[id];
	struct runner *runner = &reversal->runners[id];
	uint32_t next = runner->goal;

	if (runner->past < thread->past_count && thread->pasts[runner->past].epoch < next)
		next = thread->pasts[runner->past].epoch;
	if (runner->section < thread->section_count &&
	    thread->sections[runner->section].begin < next)
		next = thread->sections[runner->section].begin;
	while (runner->past < thread->past_count && thread->pasts[runner->past].epoch <= next) {
		const struct ct_vclock *before =
			runner->past ? &thread->pasts[runner->past - 1] : &nothing;

		if (ct_vclock_differences(before, &thread->pasts[runner->past], is_done,
					  reversal) != CT_OK)
			return false;
		runner->past++;
	}
	while (runner->section < thread->section_count &&
	       thread->sections[runner->section].begin <= next) {
		if (!is_free(reversal, id, &thread->sections[runner->section]))
			return false;
		runner->section++;
	}
	runner->position = next;
	while (runner->open < runner->section && thread->sections[runner->open].end &&
	       thread->sections[runner->open].end <= next)
		runner->open++;
	return true;
}

/* Lets the thread go on; whether it got any further. */
static bool run(struct reversal *reversal, uint32_t id)
{
	struct runner *runner = &reversal->runners[id];
	uint32_t begin = runner->position;

	while (runner->position < runner->goal && *reversal->budget && step(reversal, id))
		--*reversal->budget;
	return runner->position > begin;
}

/* All threads go to their goals, `last` only when no other one can go on. */
static bool can_run(struct reversal *reversal, uint32_t last)
{
	uint32_t count = (uint32_t)reversal->reach->model->thread_count;
	bool moved = true, done = true;

	for (uint32_t i = 0; i < count; i++)
		reversal->runners[i] = (struct runner){.goal = reversal->runners[i].goal};
	while (moved) {
		moved = false;
		for (uint32_t i = 0; i < count; i++)
			moved |= i != last && run(reversal, i);
		moved = moved || run(reversal, last);
	}
	for (uint32_t i = 0; i < count; i++)
		done &= reversal->runners[i].position >= reversal->runners[i].goal;
	return done;
}

enum ct_status ct_race_reverse(const struct ct_reach *reach,
			       const struct ct_race_instance *instance, uint64_t *budget,
			       bool *out_possible)
{
	const struct ct_race_access *a = &instance->sides[0], *b = &instance->sides[1];
	struct reversal reversal = {.reach = reach, .budget = budget};
	enum ct_status status;

	*out_possible = false;
	reversal.runners = calloc(reach->model->thread_count, sizeof(*reversal.runners));
	if (!reversal.runners)
		return CT_ENOMEM;
	status = add_goals(&reversal, a);
	if (status == CT_OK)
		status = add_goals(&reversal, b);
	if (status == CT_OK && reversal.runners[a->thread->id].goal < a->position &&
	    reversal.runners[b->thread->id].goal < b->position)
		*out_possible =
			can_run(&reversal, a->thread->id) || can_run(&reversal, b->thread->id);
	free(reversal.runners);
	return status;
}
