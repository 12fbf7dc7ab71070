/*
 * `state`, from the lowest bit: 2 bits of enum phase, 30 bits of a generation, which tells one hold
 * from the next at the same place, and 32 bits of when it began. So one compare-and-swap changes
 * all, and fails for whoever has slept too long and whose place is another's by now.
 *
 *   FREE -> FILLING -> HELD -> FREE       nobody came
 *                      HELD -> MET -> FREE
 *   (any, begun long ago) -> FILLING      of the next one
 */
#include "access/trap/rendezvous.h"

#include <linux/futex.h>
#include <time.h>

#include "access/trap/site.h"
#include "sys/kernel.h"

enum phase { FREE, FILLING, HELD, MET };

#define PHASE_MASK UINT64_C(3)
#define GENERATION_ONE UINT64_C(4)
#define GENERATION_MASK (UINT64_C(0xffffffff) & ~PHASE_MASK)
#define TIME_SHIFT 32
/* Nobody is held for so long: its process was killed, or stopped. */
#define GONE_MS 1000
/* Nobody should be; the process may be gone, and memory at the same place another's. */
#define LONG_MS 100

static enum phase phase_of(uint64_t state)
{
	return (enum phase)(state & PHASE_MASK);
}

static uint64_t with_phase(uint64_t state, enum phase phase)
{
	return (state & ~PHASE_MASK) | phase;
}

/* May be a little below zero: clocks of two processors. */
static int32_t age_ms(uint64_t state, uint32_t now_ms)
{
	return (int32_t)(now_ms - (uint32_t)(state >> TIME_SHIFT));
}

static bool change(struct ct_held_access *at, uint64_t from, uint64_t to)
{
	return __atomic_compare_exchange_n(&at->state, &from, to, false, __ATOMIC_ACQ_REL,
					   __ATOMIC_RELAXED);
}

/* The generation goes on even in a place that is given back: no two holds have the same state. */
static bool take(struct ct_held_access *at, uint32_t now_ms, uint64_t *out_state)
{
	uint64_t before = __atomic_load_n(&at->state, __ATOMIC_RELAXED);

	if (phase_of(before) != FREE && age_ms(before, now_ms) <= GONE_MS)
		return false;
	*out_state = ((before + GENERATION_ONE) & GENERATION_MASK) | FILLING |
		     (uint64_t)now_ms << TIME_SHIFT;
	return change(at, before, *out_state);
}

static uint64_t mix(uint64_t sum, uint64_t value)
{
	sum = (sum ^ value) * UINT64_C(0x9e3779b97f4a7c15);
	return sum ^ sum >> 29;
}

static uint64_t check_of(const struct ct_held_access *a, uint64_t state)
{
	uint64_t sum = mix(1, state);

	sum = mix(sum, (uint64_t)a->process << 32 | a->tid);
	sum = mix(sum, (uint64_t)a->size << 32 | a->flags);
	sum = mix(sum, a->space);
	sum = mix(sum, a->start);
	sum = mix(sum, a->number);
	return mix(sum, a->pc);
}

#define EACH_FIELD(F) F(process) F(tid) F(size) F(flags) F(space) F(start) F(number) F(pc) F(check)

static void store_fields(struct ct_held_access *to, const struct ct_held_access *from)
{
#define STORE(field) __atomic_store_n(&to->field, from->field, __ATOMIC_RELAXED);
	EACH_FIELD(STORE)
#undef STORE
}

static void load_fields(struct ct_held_access *to, const struct ct_held_access *from)
{
#define LOAD(field) to->field = __atomic_load_n(&from->field, __ATOMIC_RELAXED);
	EACH_FIELD(LOAD)
#undef LOAD
}

bool ct_rendezvous_hold(struct ct_held_access *places, const struct ct_held_access *what,
			uint32_t now_ms, struct ct_held_place *out)
{
	struct ct_held_access copy = *what;
	uint64_t filling;
	uint32_t i = 0;

	while (!take(&places[i], now_ms, &filling))
		if (++i == CT_HELD_ACCESSES)
			return false;
	out->at = &places[i];
	out->state = with_phase(filling, HELD);
	copy.check = check_of(&copy, out->state);
	store_fields(out->at, &copy);
	return change(out->at, filling, out->state);
}

/* The half of `state` that changes when somebody comes. */
static uint32_t *futex_of(struct ct_held_access *at)
{
	return (uint32_t *)&at->state;
}

static bool is_past(uint64_t time_ns)
{
	return ct_sys_time() >= time_ns;
}

void ct_rendezvous_wait(const struct ct_held_place *place, uint64_t until_ns)
{
	struct timespec until = {.tv_sec = (time_t)(until_ns / 1000000000u),
				 .tv_nsec = (long)(until_ns % 1000000000u)};

	while (__atomic_load_n(&place->at->state, __ATOMIC_ACQUIRE) == place->state &&
	       !is_past(until_ns))
		CT_SYS(SYS_futex, futex_of(place->at), FUTEX_WAIT_BITSET, (uint32_t)place->state,
		       &until, NULL, FUTEX_BITSET_MATCH_ANY);
}

bool ct_rendezvous_leave(const struct ct_held_place *place)
{
	if (change(place->at, place->state, with_phase(place->state, FREE)))
		return false;
	return change(place->at, with_phase(place->state, MET), with_phase(place->state, FREE));
}

bool ct_rendezvous_look(struct ct_held_access *places, uint32_t i, uint32_t now_ms,
			struct ct_held_access *out, struct ct_held_place *out_place)
{
	uint64_t state = __atomic_load_n(&places[i].state, __ATOMIC_ACQUIRE);

	if (phase_of(state) != HELD || age_ms(state, now_ms) > LONG_MS)
		return false;
	load_fields(out, &places[i]);
	if (out->check != check_of(out, state))
		return false;
	*out_place = (struct ct_held_place){&places[i], state};
	return true;
}

bool ct_rendezvous_meet(const struct ct_held_place *place)
{
	if (!change(place->at, place->state, with_phase(place->state, MET)))
		return false;
	CT_SYS(SYS_futex, futex_of(place->at), FUTEX_WAKE, 1, 0, 0, 0);
	return true;
}

bool ct_rendezvous_conflict(const struct ct_held_access *a, const struct ct_held_access *b)
{
	if (a->process == b->process && a->tid == b->tid)
		return false;
	if (a->space != b->space || !((a->flags | b->flags) & CT_SITE_WRITES))
		return false;
	if (a->flags & b->flags & CT_SITE_LOCKED)
		return false;
	return a->start < b->start ? b->start - a->start < a->size : a->start - b->start < b->size;
}
