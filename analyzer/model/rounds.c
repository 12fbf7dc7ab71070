#include "model/rounds.h"

#include <stdlib.h>

enum { ROUNDS_MEMBERS_MAX = 65536 };

struct member {
	uint32_t thread;
	uint64_t round; /* in which it arrived last */
};

struct ct_rounds {
	uint32_t count; /* arrivals that make a round */
	uint32_t arrived;
	bool unsure;
	uint64_t arrivals, departures;	/* of all threads, also when unsure */
	uint64_t round;			/* number of the one that fills up */
	struct ct_vclock filling, full; /* what this round's members know, and the last one's */
	struct member *members;
	size_t member_count, member_cap;
};

enum ct_status ct_rounds_new(uint32_t count, struct ct_rounds **out_rounds)
{
	struct ct_rounds *rounds = calloc(1, sizeof(*rounds));

	if (!rounds)
		return CT_ENOMEM;
	rounds->count = count;
	rounds->unsure = count == 0 || count > ROUNDS_MEMBERS_MAX;
	ct_vclock_init_joint(&rounds->filling);
	ct_vclock_init_joint(&rounds->full);
	*out_rounds = rounds;
	return CT_OK;
}

static struct member *member_of(const struct ct_rounds *rounds, uint32_t thread)
{
	for (size_t i = 0; i < rounds->member_count; i++)
		if (rounds->members[i].thread == thread)
			return &rounds->members[i];
	return NULL;
}

static enum ct_status add_member(struct ct_rounds *rounds, uint32_t thread)
{
	enum ct_status status;

	if (rounds->member_count == rounds->count) {
		rounds->unsure = true;
		return CT_OK;
	}
	status = ct_vec_grow(&rounds->members, &rounds->member_cap, rounds->member_count + 1,
			     sizeof(*rounds->members));
	if (status == CT_OK)
		rounds->members[rounds->member_count++] = (struct member){.thread = thread};
	return status;
}

enum ct_status ct_rounds_arrive(struct ct_rounds *rounds, struct ct_thread_state *thread)
{
	enum ct_status status = CT_OK;

	if (rounds)
		rounds->arrivals++;
	if (!rounds || rounds->unsure)
		return CT_OK;
	if (!member_of(rounds, thread->thread.id))
		status = add_member(rounds, thread->thread.id);
	if (status || rounds->unsure)
		return status;
	member_of(rounds, thread->thread.id)->round = rounds->round;
	status = ct_vclock_join(&rounds->filling, &thread->clock);
	ct_vclock_tick(&thread->clock);
	if (status || ++rounds->arrived < rounds->count)
		return status;
	ct_vclock_fini(&rounds->full);
	rounds->full = rounds->filling;
	ct_vclock_init_joint(&rounds->filling);
	rounds->arrived = 0;
	rounds->round++;
	return CT_OK;
}

enum ct_status ct_rounds_leave(struct ct_rounds *rounds, struct ct_thread_state *thread)
{
	const struct member *member;

	if (rounds)
		rounds->departures++;
	if (!rounds || rounds->unsure)
		return CT_OK;
	member = member_of(rounds, thread->thread.id);
	/* the round must be the last that was full: else a record is missing */
	if (!member || member->round + 1 != rounds->round)
		return CT_OK;
	return ct_vclock_join(&thread->clock, &rounds->full);
}

/* Whichever threads made the full rounds: all of those have left, so who has not begins another. */
static bool rest_waits(const struct ct_rounds *rounds)
{
	uint64_t rest = rounds->count ? rounds->arrivals % rounds->count : 0;

	return rest && rounds->departures == rounds->arrivals - rest;
}

bool ct_rounds_waits(const struct ct_rounds *rounds, const struct ct_thread *thread)
{
	const struct member *member;

	if (!rounds)
		return false;
	if (rounds->unsure)
		return rest_waits(rounds);
	member = member_of(rounds, thread->id);
	return member && member->round == rounds->round;
}

void ct_rounds_free(struct ct_rounds *rounds)
{
	if (!rounds)
		return;
	ct_vclock_fini(&rounds->filling);
	ct_vclock_fini(&rounds->full);
	free(rounds->members);
	free(rounds);
}
