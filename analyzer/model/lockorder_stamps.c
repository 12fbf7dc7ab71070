#include "model/lockorder_private.h"

/* Choices of one time per step that are tried of one cycle. */
enum { CHOICES = 4096 };

enum ct_status ct_lock_stamp(struct ct_lockorder *order, const struct ct_lock_node *node,
			     struct ct_lock_request *place, const struct ct_thread *thread)
{
	struct ct_lockorder_private *private = order->private_data;
	struct ct_lock_stamps *stamps = place->stamps;
	struct ct_reach_stamp *stamp;
	uint64_t at;

	if (!stamps) {
		stamps = ct_arena_alloc(&private->arena, sizeof(*stamps));
		if (!stamps)
			return CT_ENOMEM;
		stamps->next = private->all_stamps;
		private->all_stamps = place->stamps = stamps;
	}
	/* the first half stays, the second half is a ring of the newest */
	at = stamps->count++;
	if (at >= CT_LOCK_STAMPS)
		at = CT_LOCK_STAMPS / 2 + at % (CT_LOCK_STAMPS / 2);
	stamp = &stamps->taken[at];
	ct_vclock_fini(&stamp->past);
	ct_reach_take(private->reach, thread, stamp);
	stamp->held = node->holds;
	stamp->held_count = node->dependency.held_count;
	return CT_OK;
}

void ct_lock_stamps_free(struct ct_lockorder_private *private)
{
	for (struct ct_lock_stamps *stamps = private->all_stamps; stamps; stamps = stamps->next)
		for (size_t i = 0; i < CT_LOCK_STAMPS; i++)
			ct_vclock_fini(&stamps->taken[i].past);
	ct_reach_free(private->reach);
}

static size_t stamp_count(const struct ct_lock_cycle_step *step)
{
	uint64_t count = step->request->stamps ? step->request->stamps->count : 0;

	return count < CT_LOCK_STAMPS ? (size_t)count : CT_LOCK_STAMPS;
}

enum ct_status ct_lock_reachable(struct ct_lockorder *order, const struct ct_lock_cycle_step *steps,
				 size_t length, bool *out_reachable)
{
	const struct ct_reach_stamp *chosen[CT_LOCKORDER_LENGTH] = {0};
	size_t next[CT_LOCKORDER_LENGTH] = {0};
	enum ct_status status = CT_OK;
	bool reachable = false;

	for (size_t i = 0; i < length; i++)
		if (!stamp_count(&steps[i]))
			goto out;
	for (size_t tries = 0; !status && !reachable && tries < CHOICES; tries++) {
		size_t digit = 0;

		for (size_t i = 0; i < length; i++)
			chosen[i] = &steps[i].request->stamps->taken[next[i]];
		status = ct_reach_together(order->private_data->reach, chosen, length, &reachable);
		while (digit < length && ++next[digit] == stamp_count(&steps[digit]))
			next[digit++] = 0;
		if (digit == length)
			break;
	}
out:
	*out_reachable = reachable;
	return status;
}
