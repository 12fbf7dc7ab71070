#include "model/vclock.h"

#include <stdlib.h>
#include <string.h>

struct ct_clock_others {
	uint32_t references;
	uint32_t count;
	uint32_t epochs[]; /* by thread; an own entry is 0 or stale and never looked at */
};

void ct_vclock_init(struct ct_vclock *clock, uint32_t thread)
{
	*clock = (struct ct_vclock){.thread = thread, .epoch = 1};
}

void ct_vclock_init_joint(struct ct_vclock *clock)
{
	*clock = (struct ct_vclock){.thread = UINT32_MAX};
}

void ct_vclock_fini(struct ct_vclock *clock)
{
	if (clock->others && --clock->others->references == 0)
		free(clock->others);
	clock->others = NULL;
}

struct ct_vclock ct_vclock_copy(const struct ct_vclock *clock)
{
	if (clock->others)
		clock->others->references++;
	return *clock;
}

void ct_vclock_tick(struct ct_vclock *clock)
{
	clock->epoch++;
}

uint32_t ct_vclock_epoch(const struct ct_vclock *clock, uint32_t thread)
{
	if (thread == clock->thread)
		return clock->epoch;
	return clock->others && thread < clock->others->count ? clock->others->epochs[thread] : 0;
}

static void raise_entry(struct ct_clock_others *others, uint32_t thread, uint32_t epoch)
{
	if (others->epochs[thread] < epoch)
		others->epochs[thread] = epoch;
}

static bool knows_all(const struct ct_vclock *clock, const struct ct_vclock *other)
{
	uint32_t count = other->others ? other->others->count : 0;

	if (ct_vclock_epoch(clock, other->thread) < other->epoch)
		return false;
	if (clock->others == other->others)
		return true;
	for (uint32_t t = 0; t < count; t++)
		if (ct_vclock_epoch(clock, t) < other->others->epochs[t])
			return false;
	return true;
}

enum ct_status ct_vclock_join(struct ct_vclock *clock, const struct ct_vclock *other)
{
	uint32_t own = clock->others ? clock->others->count : 0;
	uint32_t theirs = other->others ? other->others->count : 0;
	uint32_t count = own > theirs ? own : theirs;
	struct ct_clock_others *merged;

	if (clock->thread == other->thread || knows_all(clock, other))
		return CT_OK;
	if (other->epoch && count <= other->thread)
		count = other->thread + 1;
	merged = calloc(1, sizeof(*merged) + (size_t)count * sizeof(merged->epochs[0]));
	if (!merged)
		return CT_ENOMEM;
	merged->references = 1;
	merged->count = count;
	if (own)
		memcpy(merged->epochs, clock->others->epochs, own * sizeof(merged->epochs[0]));
	for (uint32_t t = 0; t < theirs; t++)
		raise_entry(merged, t, other->others->epochs[t]);
	if (other->epoch)
		raise_entry(merged, other->thread, other->epoch);
	ct_vclock_fini(clock);
	clock->others = merged;
	return CT_OK;
}

bool ct_vclock_before(const struct ct_vclock *first, const struct ct_vclock *second)
{
	return first->epoch <= ct_vclock_epoch(second, first->thread);
}

bool ct_vclock_same(const struct ct_vclock *a, const struct ct_vclock *b)
{
	return a->thread == b->thread && a->epoch == b->epoch && a->others == b->others;
}
