#include "steer/stand.h"

#include <errno.h>

#include "steer/site.h"
#include "sys/kernel.h"

#define MS UINT64_C(1000000) /* ns */
#define LOOK_NS (MS / 4)     /* how often who is held looks about */
#define TIMEOUT_MS 10000u    /* what a plan means that does not say */
#define PATIENCE_MS 200u
#define PATIENCE_MAX_MS 2000u

enum place { STOP, GATE }; /* index of `came` */

/* The point, as far as it had to be found out where it is. */
struct here {
	const struct ct_steer_point *point;
	uint64_t caller, site;
};

/* One stay of the calling thread. */
struct stay {
	struct ct_steer *steer;
	struct ct_steer_self *self;
	uint32_t entry;
	enum ct_steer_stand kind;
	uint32_t turn, mine;   /* mine: what `stand` says while it is held */
	bool interruptible;    /* its call may end with EINTR, so a signal must end the stay */
	uint64_t begun, since; /* since: when others' progress was last seen */
	uint64_t progress;
	uint32_t thrashes;
};

static bool is_there(const struct ct_plan_place *place)
{
	return place->caller;
}

bool ct_stand_plan_is_good(const struct ct_plan *plan)
{
	if (plan->magic != CT_PLAN_MAGIC || plan->version != CT_PLAN_VERSION ||
	    plan->mode < CT_PLAN_EXACT || plan->mode > CT_PLAN_PAUSES || plan->count < 2 ||
	    plan->count > CT_PLAN_THREADS_MAX)
		return false;
	for (uint32_t i = 0; i < plan->count; i++)
		if (!is_there(&plan->thread[i].stop))
			return false;
	return true;
}

static uint32_t load(const uint32_t *at)
{
	return __atomic_load_n(at, __ATOMIC_ACQUIRE);
}

static bool exchange(uint32_t *at, uint32_t from, uint32_t to)
{
	return __atomic_compare_exchange_n(at, &from, to, false, __ATOMIC_ACQ_REL,
					   __ATOMIC_RELAXED);
}

static enum ct_steer_stand kind_of(uint32_t stand)
{
	return stand & ((1u << CT_STAND_BITS) - 1);
}

static bool is_over(const struct ct_steer *steer)
{
	return load(&steer->outcome) >= CT_STEER_TIMED_OUT;
}

static bool is_here(const struct ct_plan_place *place, struct here *here)
{
	const struct ct_steer_point *point = here->point;

	if (!is_there(place) || (place->event && place->event != point->event))
		return false;
	if (!here->caller)
		here->caller = ct_site_caller(point->pc);
	if (place->caller != here->caller)
		return false;
	if (place->site && !here->site)
		here->site = ct_site_stack(point->pc, point->sp);
	return !place->site || place->site == here->site;
}

/* Counts the arrival, and tells whether the thread is to be held. */
static bool comes_to(const struct ct_plan *plan, const struct ct_plan_place *place,
		     struct here *here, uint32_t *came)
{
	if (!is_here(place, here))
		return false;
	++*came;
	if (plan->mode == CT_PLAN_EXACT && place->nth && place->nth != *came)
		return false;
	return here->point->held >= place->held;
}

/* For the thread's former entry: others may have it. */
static void give_up_entry(struct ct_steer *steer, struct ct_steer_self *self)
{
	struct ct_steer_thread *thread = &steer->thread[self->entry - 1];
	uint64_t own = self->id;

	self->entry = 0;
	if (__atomic_load_n(&thread->owner, __ATOMIC_ACQUIRE) != own)
		return;
	__atomic_store_n(&thread->stand, CT_STAND_AWAY, __ATOMIC_RELEASE);
	__atomic_compare_exchange_n(&thread->owner, &own, 0, false, __ATOMIC_ACQ_REL,
				    __ATOMIC_RELAXED);
}

/* False: another thread is held for this entry. Who is only on the way to its stop may have taken
 * another way, or be gone. */
static bool claim_entry(struct ct_steer *steer, struct ct_steer_self *self, uint32_t entry)
{
	struct ct_steer_thread *thread = &steer->thread[entry];
	uint64_t owner = __atomic_load_n(&thread->owner, __ATOMIC_ACQUIRE);
	enum ct_steer_stand kind = kind_of(load(&thread->stand));

	if (self->entry && self->entry != entry + 1)
		give_up_entry(steer, self);
	if (owner != self->id) {
		if (owner && (kind == CT_STAND_GATE || kind == CT_STAND_STOP))
			return false;
		if (!__atomic_compare_exchange_n(&thread->owner, &owner, self->id, false,
						 __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
			return false;
	}
	self->entry = entry + 1;
	return true;
}

static bool all_at_stops(const struct stay *stay)
{
	const struct ct_steer *steer = stay->steer;

	for (uint32_t i = 0; i < steer->plan.count; i++)
		if (load(&steer->thread[i].stand) != (CT_STAND_STOP | stay->turn << CT_STAND_BITS))
			return false;
	return true;
}

static bool all_at_gates(const struct stay *stay)
{
	const struct ct_steer *steer = stay->steer;

	for (uint32_t i = 0; i < steer->plan.count; i++)
		if (is_there(&steer->plan.thread[i].gate) &&
		    kind_of(load(&steer->thread[i].stand)) == CT_STAND_AWAY)
			return false;
	return true;
}

/* Lets one of those who are held go, which one the seed says. */
static void thrash(struct stay *stay)
{
	struct ct_steer *steer = stay->steer;
	uint64_t best = 0, dice;
	uint32_t victim = stay->entry;

	if (!exchange(&steer->thrashes, stay->thrashes, stay->thrashes + 1))
		return; /* another did */
	if (stay->thrashes + 1 >= CT_STEER_THRASHES) {
		__atomic_store_n(&steer->outcome, CT_STEER_THRASHED, __ATOMIC_RELEASE);
		return;
	}
	for (uint32_t i = 0; i < steer->plan.count; i++) {
		enum ct_steer_stand kind = kind_of(load(&steer->thread[i].stand));

		dice = ct_plan_mix(ct_plan_mix(steer->plan.seed, stay->thrashes), i);
		if ((kind == CT_STAND_GATE || kind == CT_STAND_STOP) && dice >= best) {
			best = dice;
			victim = i;
		}
	}
	__atomic_store_n(&steer->thread[victim].stand, CT_STAND_AWAY, __ATOMIC_RELEASE);
}

/* The longer nothing helped. */
static uint64_t patience(const struct stay *stay)
{
	uint64_t ms = stay->steer->plan.patience_ms;

	ms = (ms ? ms : PATIENCE_MS) << stay->thrashes;
	return (ms < PATIENCE_MAX_MS ? ms : PATIENCE_MAX_MS) * MS;
}

static uint64_t timeout(const struct stay *stay)
{
	uint64_t ms = stay->steer->plan.timeout_ms;

	if (!ms)
		ms = TIMEOUT_MS;
	return (ms < CT_PLAN_TIMEOUT_MAX ? ms : CT_PLAN_TIMEOUT_MAX) * MS;
}

/* Who is held looks after the others, too: there is no thread of ours that could. */
static void watch(struct stay *stay, uint64_t now)
{
	uint64_t progress = __atomic_load_n(&stay->steer->progress, __ATOMIC_RELAXED);
	uint32_t thrashes = load(&stay->steer->thrashes);

	if (progress != stay->progress || thrashes != stay->thrashes) {
		stay->progress = progress;
		stay->thrashes = thrashes;
		stay->since = now;
	}
	if (now - stay->begun + stay->self->stood_ns > timeout(stay))
		__atomic_store_n(&stay->steer->outcome, CT_STEER_TIMED_OUT, __ATOMIC_RELEASE);
	else if (now - stay->since > patience(stay))
		thrash(stay);
}

static bool may_go(struct stay *stay)
{
	struct ct_steer *steer = stay->steer;

	if (is_over(steer) || load(&steer->thread[stay->entry].stand) != stay->mine)
		return true;
	if (stay->kind == CT_STAND_GATE)
		return all_at_gates(stay);
	if (load(&steer->turn) != stay->turn)
		return true;
	if (!all_at_stops(stay))
		return false;
	if (exchange(&steer->turn, stay->turn, stay->turn + 1))
		exchange(&steer->outcome, CT_STEER_WAITING, CT_STEER_MET);
	return true;
}

/* By its own stand, unless a thrash has let it go meanwhile. */
static void leave(const struct stay *stay)
{
	struct ct_steer_thread *thread = &stay->steer->thread[stay->entry];

	if (stay->kind == CT_STAND_GATE)
		exchange(&thread->stand, stay->mine, CT_STAND_PASSED);
	else
		give_up_entry(stay->steer, stay->self);
}

static void stand(struct stay *stay)
{
	struct ct_steer_thread *thread = &stay->steer->thread[stay->entry];
	uint64_t now = ct_sys_time();

	stay->turn = load(&stay->steer->turn) & (UINT32_MAX >> CT_STAND_BITS);
	stay->mine = stay->kind | stay->turn << CT_STAND_BITS;
	stay->begun = stay->since = now;
	stay->progress = __atomic_load_n(&stay->steer->progress, __ATOMIC_RELAXED);
	stay->thrashes = load(&stay->steer->thrashes);
	if (stay->kind == CT_STAND_STOP)
		__atomic_add_fetch(&thread->arrived, 1, __ATOMIC_RELAXED);
	__atomic_store_n(&thread->stand, stay->mine, __ATOMIC_SEQ_CST);
	while (!may_go(stay)) {
		watch(stay, now);
		if (ct_sys_sleep(LOOK_NS) == -EINTR && stay->interruptible)
			break;
		now = ct_sys_time();
	}
	stay->self->stood_ns += now - stay->begun;
	leave(stay);
}

/* Calls that a signal handler does not end: the wait for a lock. */
static bool is_uninterruptible(const struct ct_steer_point *point)
{
	return point->effect == CT_EFFECT_ACQUIRE || point->effect == CT_EFFECT_ACQUIRE_SHARED ||
	       point->effect == CT_EFFECT_THREAD_JOIN;
}

/* False: another is held for this entry already. */
static bool stand_for(struct ct_steer *steer, struct ct_steer_self *self,
		      const struct ct_steer_point *point, uint32_t entry, enum ct_steer_stand kind)
{
	if (!claim_entry(steer, self, entry))
		return false;
	stand(&(struct stay){.steer = steer,
			     .self = self,
			     .entry = entry,
			     .kind = kind,
			     .interruptible = !is_uninterruptible(point)});
	return true;
}

void ct_stand_at(struct ct_steer *steer, struct ct_steer_self *self,
		 const struct ct_steer_point *point)
{
	const struct ct_plan *plan = &steer->plan;
	struct here here = {.point = point};
	enum ct_steer_stand kinds[CT_PLAN_THREADS_MAX] = {CT_STAND_AWAY};
	uint32_t own = self->entry - 1;

	if (is_over(steer))
		return;
	/* All of them, since each counts the arrivals at its places. */
	for (uint32_t i = 0; i < plan->count; i++) {
		const struct ct_plan_thread *thread = &plan->thread[i];

		if (thread->path && thread->path != self->path)
			continue;
		if (comes_to(plan, &thread->gate, &here, &self->came[i][GATE]))
			kinds[i] = CT_STAND_GATE;
		if (comes_to(plan, &thread->stop, &here, &self->came[i][STOP]))
			kinds[i] = CT_STAND_STOP;
	}
	if (self->entry && kinds[own] != CT_STAND_AWAY) {
		(void)stand_for(steer, self, point, own, kinds[own]);
		return;
	}
	for (uint32_t i = 0; i < plan->count; i++)
		if (kinds[i] != CT_STAND_AWAY && stand_for(steer, self, point, i, kinds[i]))
			return;
}
