/*
 * What keeps atomic operations apart while they are recorded: spin locks, striped by address.
 *
 * They lie in the session, since processes may share the memory that the operations are on, and
 * are chosen by the place in the page, which is the same in all of them. So the stamps of one word
 * are in the order of what was done to it, whoever did it.
 *
 * A lock is held for the operation and a time stamp, and never waited for without end: its holder
 * may have been cancelled, left by a signal handler's jump, or killed. Who has waited too long goes
 * on as if it had the lock, and sets it free. A handler does not come here at all when it
 * interrupted a thread that is here, since that thread's recorder is busy.
 *
 * A thread that waits in a loop loads the same value again and again. A load is left out if the
 * thread has recorded one before of the same value, since when nobody stored to the stripe and the
 * thread released nothing: it would read from the same store, and order nothing anew. So is an
 * exchange that changes nothing (a spin lock's), right behind the same one.
 */
#include "access/atomics.h"

#include "access/state.h"
#include "record/process.h"
#include "sys/kernel.h"

#define SPINS 200u
#define YIELDS 200u
#define SLEEPS 100u
#define SLEEP_NS 100000u

/* The words of 16 bytes have one stripe: an operation may be on a part of what another is on. */
static struct ct_stripe *stripe_of(uintptr_t address)
{
	return &ct_state.session->stripes[address >> 4 & (CT_STRIPES - 1)];
}

static bool try_lock(struct ct_stripe *stripe)
{
	return !__atomic_load_n(&stripe->lock, __ATOMIC_RELAXED) &&
	       !__atomic_exchange_n(&stripe->lock, 1, __ATOMIC_ACQUIRE);
}

static __attribute__((noinline)) void wait_for(struct ct_stripe *stripe)
{
	for (uint32_t i = 0; i < SPINS + YIELDS + SLEEPS; i++) {
		if (try_lock(stripe))
			return;
		if (i < SPINS)
			__builtin_ia32_pause();
		else if (i < SPINS + YIELDS)
			ct_sys_yield();
		else
			ct_sys_sleep(SLEEP_NS);
	}
}

static struct ct_atomic_seen *seen_of(struct ct_access_state *s, uintptr_t address)
{
	return &s->seen[(address >> 2 ^ address >> 6) & (CT_ATOMIC_SEEN - 1)];
}

static bool known(const volatile void *address, uint64_t value, unsigned what)
{
	struct ct_access_state *s = ct_access_mine;
	const struct ct_atomic_seen *seen;

	if (!s)
		return false;
	seen = seen_of(s, (uintptr_t)address);
	return seen->address == (uintptr_t)address && seen->value == value && seen->what == what &&
	       seen->epoch == s->fast.epoch.now &&
	       seen->writes ==
		       __atomic_load_n(&stripe_of((uintptr_t)address)->writes, __ATOMIC_RELAXED);
}

static void begin(struct ct_atomic *a, const volatile void *address, uintptr_t pc)
{
	struct ct_stripe *stripe;

	a->address = address;
	a->stripe = NULL;
	a->r = ct_access_enter();
	if (!a->r)
		return;
	a->stack = ct_access_stack(a->r, pc);
	stripe = stripe_of((uintptr_t)address);
	if (!try_lock(stripe))
		wait_for(stripe);
	a->stripe = stripe;
}

static bool is_release(unsigned order)
{
	return order == __ATOMIC_RELEASE || order == __ATOMIC_ACQ_REL || order == __ATOMIC_SEQ_CST;
}

/* Time of the operation that has been done: later than whatever this thread saw of others. */
static uint64_t stamp(void)
{
	__builtin_ia32_lfence();
	return ct_clock_now();
}

static void write_record(struct ct_recorder *r, uint64_t time, unsigned event, uint32_t stack,
			 uintptr_t address, unsigned what)
{
	struct ct_payload_atomic *p = (void *)ct_recorder_head(r, time, (uint16_t)event, 0, stack);
	unsigned order = what >> 8;

	*p = (struct ct_payload_atomic){address, (uint8_t)what, (uint8_t)order};
	ct_recorder_commit(r, sizeof(struct ct_record_head) + sizeof(*p));
	if (event != CT_EV_ATOMIC_LOAD && is_release(order))
		ct_access_release(r);
}

/* Whether the same exchange without an effect is the thread's last record. */
static bool repeats(const struct ct_atomic_idle *idle, const struct ct_recorder *r,
		    const struct ct_atomic_seen *now)
{
	return idle->end == r->cur && idle->time == r->time && idle->what.address == now->address &&
	       idle->what.value == now->value && idle->what.what == now->what;
}

static void end(struct ct_atomic *a, unsigned event, unsigned what, uint64_t old, uint64_t value)
{
	struct ct_atomic_seen now = {
		.address = (uintptr_t)a->address, .value = value, .what = what};
	bool idle = event == CT_EV_ATOMIC_RMW && old == value;
	struct ct_access_state *s;
	uint64_t time;

	if (!a->r)
		return;
	s = ct_access_state_of(a->r);
	if (event != CT_EV_ATOMIC_LOAD && !idle)
		__atomic_store_n(&a->stripe->writes, a->stripe->writes + 1, __ATOMIC_RELAXED);
	now.writes = a->stripe->writes;
	time = stamp();
	__atomic_store_n(&a->stripe->lock, 0, __ATOMIC_RELEASE);
	now.epoch = s->fast.epoch.now;
	if (!idle || !repeats(&s->idle, a->r, &now)) {
		write_record(a->r, time, event, a->stack, now.address, what);
		if (event == CT_EV_ATOMIC_LOAD)
			*seen_of(s, now.address) = now;
		if (idle)
			s->idle = (struct ct_atomic_idle){now, a->r->cur, time};
	}
	ct_recorder_leave(a->r);
}

static void fence(int order, uintptr_t pc)
{
	struct ct_recorder *r = ct_access_enter();

	if (!r)
		return;
	write_record(r, stamp(), CT_EV_FENCE, ct_access_stack(r, pc), 0, (unsigned)order << 8);
	ct_recorder_leave(r);
}

const struct ct_atomic_calls ct_atomic_calls = {
	.known = known,
	.begin = begin,
	.end = end,
	.fence = fence,
};
