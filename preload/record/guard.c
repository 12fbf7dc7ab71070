#include "record/guard.h"

#include "record/recorder.h"
#include "record/thread.h"
#include "sys/kernel.h"

struct guard {
	struct ct_recorder stand_in; /* first: ct_self points to it */
	bool kept;		     /* there were more such children: nobody knows until when */
};

static struct guard *new_guard(struct ct_recorder *r)
{
	struct guard *guard = ct_sys_map(-1, sizeof(*guard));

	if (!guard)
		return NULL;
	/* A forked child must find it as it finds a recorder: empty. */
	if (ct_sys_wipe_on_fork(guard, sizeof(*guard)) < 0) {
		ct_sys_unmap(guard, sizeof(*guard));
		return NULL;
	}
	guard->stand_in = (struct ct_recorder){
		.live = r->live,
		.packet = r->packet,
		.number = r->number,
		.tid = r->tid,
		.process = r->process,
		.lane = r->lane,
		.stacks = r->stacks,
		.behind = r,
	};
	return guard;
}

bool ct_guard_begin(void)
{
	struct ct_recorder *r = ct_self;
	struct guard *guard;

	if (r->behind) {
		((struct guard *)r)->kept = true;
		return false;
	}
	if (r == &ct_recorder_off)
		return false;
	/* Without a recorder yet, creator and child would both become the same thread. */
	guard = r->live ? new_guard(r) : NULL;
	r->listed = NULL; /* who extends lists of accesses does not ask who calls */
	CT_BARRIER();
	ct_self = guard ? &guard->stand_in : &ct_recorder_off;
	return guard;
}

void ct_guard_end(void)
{
	struct ct_recorder *r = ct_self;

	if (!r->behind || ((struct guard *)r)->kept)
		return;
	ct_self = r->behind;
	ct_sys_unmap(r, sizeof(struct guard));
}

struct ct_recorder *ct_guard_own(struct ct_recorder *self)
{
	if (CT_LIKELY(!self->behind))
		return self;
	return ct_sys_tid() == self->tid ? self->behind : &ct_recorder_off;
}

bool ct_guard_is_child(void)
{
	return ct_self->behind && ct_sys_tid() != ct_self->tid;
}
