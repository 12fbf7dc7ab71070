#include "detect/cond_pairs.h"

#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "model/past.h"
#include "model/traffic.h"

/* The newest waiters of a condition that are looked at; more would find the same pairs again. */
enum { WAITERS_KEPT = 4 };

struct waiter {
	const struct ct_thread *thread; /* NULL: none */
	const struct ct_object *mutex;
	uint64_t since;
	uint32_t stack;
	bool timed;
};

struct ct_cond_use {
	const struct ct_object *cond;
	struct waiter waiters[WAITERS_KEPT];
	size_t next;
	uint32_t maybe_woken;	     /* of those who wait; any of them may be meant */
	struct waiter first, second; /* a pair that is not settled, or no threads */
	bool signalled;		     /* since there is the pair */
};

void ct_cond_pairs_init(struct ct_cond_pairs *pairs, const struct ct_rule *rule)
{
	*pairs = (struct ct_cond_pairs){.rule = rule};
	ct_map_init(&pairs->index);
}

void ct_cond_pairs_fini(struct ct_cond_pairs *pairs)
{
	ct_map_fini(&pairs->index);
	free(pairs->uses);
}

static struct ct_cond_use *find(const struct ct_cond_pairs *pairs, const struct ct_object *cond)
{
	uint64_t at;

	return cond && ct_map_get(&pairs->index, cond->id, &at) ? &pairs->uses[at] : NULL;
}

static enum ct_status use_of(struct ct_cond_pairs *pairs, const struct ct_object *cond,
			     struct ct_cond_use **out_use)
{
	enum ct_status status;

	*out_use = find(pairs, cond);
	if (*out_use)
		return CT_OK;
	status = ct_vec_grow(&pairs->uses, &pairs->cap, pairs->count + 1, sizeof(*pairs->uses));
	if (status == CT_OK)
		status = ct_map_put(&pairs->index, cond->id, pairs->count);
	if (status)
		return status;
	*out_use = &pairs->uses[pairs->count++];
	**out_use = (struct ct_cond_use){.cond = cond};
	return CT_OK;
}

static bool waits_still(const struct ct_cond_use *use, const struct waiter *waiter)
{
	const struct ct_wait *wait = &waiter->thread->wait;

	return wait->kind == CT_WAIT_COND && wait->object == use->cond &&
	       wait->since == waiter->since;
}

/* A mutex that was initialised anew is the same one. What is private to two processes may lie in
 * memory that they share in a way that the trace does not know. */
static bool are_different(const struct ct_object *a, const struct ct_object *b)
{
	if (a == b || a->process != b->process || ct_past_life(b) == a)
		return false;
	return !a->process || a->address != b->address;
}

static void begins(struct ct_cond_use *use, const struct ct_step *step)
{
	struct waiter self = {step->thread, step->mutex, step->record->time, step->record->stack,
			      step->record->flags & CT_F_TIMED};

	for (size_t i = 0; !use->maybe_woken && !use->first.thread && i < WAITERS_KEPT; i++) {
		const struct waiter *other = &use->waiters[i];

		if (!other->thread || other->thread == self.thread || !waits_still(use, other) ||
		    !are_different(other->mutex, self.mutex))
			continue;
		use->first = *other;
		use->second = self;
		use->signalled = false;
	}
	use->waiters[use->next++ % WAITERS_KEPT] = self;
}

static void signals(struct ct_cond_use *use, bool all)
{
	uint32_t waiting = ct_traffic_of(use->cond)->waiting;

	use->signalled = true;
	if (all)
		use->maybe_woken = waiting;
	else if (use->maybe_woken < waiting)
		use->maybe_woken++;
}

/* Who ran out of time may have taken a signal with it, or not. */
static void leaves(struct ct_cond_use *use, bool by_signal)
{
	uint32_t waiting = ct_traffic_of(use->cond)->waiting;

	if (by_signal && use->maybe_woken)
		use->maybe_woken--;
	if (waiting && use->maybe_woken >= waiting)
		use->maybe_woken = waiting - 1;
}

static enum ct_status tell(const struct ct_cond_pairs *pairs, struct ct_misuses *misuses,
			   const struct ct_cond_use *use)
{
	const struct waiter *first = &use->first, *second = &use->second;
	struct ct_misuse misuse = ct_misuse_of(pairs->rule, use->cond);

	misuse.other = second->mutex;
	misuse.headline = ct_arena_printf(&misuses->arena,
					  "%s waits on " CT_ITS_OBJECT " with " CT_OTHER_OBJECT
					  ", while %s waits on it with another mutex",
					  second->thread->name, first->thread->name);
	ct_misuse_place(&misuse, second->thread, second->stack, second->since,
			"waits with the one mutex");
	ct_misuse_place(&misuse, first->thread, first->stack, first->since,
			"has been waiting with the other one");
	return ct_misuses_add(misuses, &misuse);
}

static enum ct_status ends(const struct ct_cond_pairs *pairs, struct ct_misuses *misuses,
			   struct ct_cond_use *use, const struct ct_step *step)
{
	bool failed = step->effect == CT_EFFECT_FAILURE;
	bool by_signal = !failed && !(step->record->flags & CT_F_TIMED_OUT);
	enum ct_status status = CT_OK;

	leaves(use, by_signal);
	if (failed && use->second.thread == step->thread)
		use->first.thread = NULL;
	if (use->first.thread != step->thread)
		return CT_OK;
	if (by_signal && use->signalled)
		status = tell(pairs, misuses, use);
	use->first.thread = NULL;
	return status;
}

enum ct_status ct_cond_pairs_step(struct ct_cond_pairs *pairs, struct ct_misuses *misuses,
				  const struct ct_step *step)
{
	const struct ct_wait *wait = &step->thread->wait;
	struct ct_cond_use *use;
	enum ct_status status;

	switch (step->effect) {
	case CT_EFFECT_WAIT:
		if (!step->object || !step->mutex)
			return CT_OK;
		status = use_of(pairs, step->object, &use);
		if (status)
			return status;
		if (!step->request)
			return ends(pairs, misuses, use, step);
		begins(use, step);
		return CT_OK;
	case CT_EFFECT_SIGNAL:
	case CT_EFFECT_BROADCAST:
		use = find(pairs, step->object);
		if (use)
			signals(use, step->effect == CT_EFFECT_BROADCAST);
		return CT_OK;
	case CT_EFFECT_FAILURE:
		use = wait->kind == CT_WAIT_COND ? find(pairs, wait->object) : NULL;
		return use ? ends(pairs, misuses, use, step) : CT_OK;
	default:
		return CT_OK;
	}
}

enum ct_status ct_cond_pairs_finish(struct ct_cond_pairs *pairs, struct ct_misuses *misuses)
{
	enum ct_status status = CT_OK;

	for (size_t i = 0; status == CT_OK && i < pairs->count; i++) {
		const struct ct_cond_use *use = &pairs->uses[i];

		if (use->first.thread && !use->first.timed && waits_still(use, &use->first))
			status = tell(pairs, misuses, use);
	}
	return status;
}
