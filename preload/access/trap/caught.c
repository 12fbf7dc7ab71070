#include "access/trap/caught.h"

#include <stddef.h>

#include "access/trap/site.h"
#include "record/stack.h"

#define PAIRS 256u /* a power of two */
#define TIMES 3u

/* What met how often: a hash of both places, its two lowest bits are the count; 0: free. */
static uint64_t pairs[PAIRS];
static uint64_t total;

static uint64_t key_of(uintptr_t a, uintptr_t b)
{
	uint64_t low = a < b ? a : b, high = a < b ? b : a;
	uint64_t key = (low * UINT64_C(0x9e3779b97f4a7c15)) ^ high;

	key = (key ^ key >> 32) * UINT64_C(0xd6e8feb86659fd93);
	return (key ^ key >> 29) & ~(uint64_t)TIMES;
}

/* NULL: the table is full, and enough has been told. */
static uint64_t *pair_of(uint64_t key, uint64_t *out_value)
{
	size_t first = (size_t)(key >> 40);

	for (size_t i = 0; i < PAIRS; i++) {
		uint64_t *pair = &pairs[(first + i) & (PAIRS - 1)];

		*out_value = __atomic_load_n(pair, __ATOMIC_RELAXED);
		if (!*out_value || (*out_value & ~(uint64_t)TIMES) == key)
			return pair;
	}
	return NULL;
}

bool ct_caught_wanted(uintptr_t held_pc, uintptr_t came_pc)
{
	uint64_t value;

	return pair_of(key_of(held_pc, came_pc), &value) && (value & TIMES) < TIMES;
}

void ct_caught_count(uintptr_t held_pc, uintptr_t came_pc)
{
	uint64_t key = key_of(held_pc, came_pc), value;
	uint64_t *pair = pair_of(key, &value);

	if (pair &&
	    (value & TIMES) < TIMES) /* a lost race for it means that it is told once more */
		__atomic_compare_exchange_n(pair, &value, key | ((value & TIMES) + 1), false,
					    __ATOMIC_RELAXED, __ATOMIC_RELAXED);
}

void ct_caught_write(struct ct_recorder *r, const ucontext_t *context,
		     const struct ct_payload_caught *what)
{
	uint32_t stack = ct_stack_id(r, ct_context_pc(context), ct_context_sp(context));
	struct ct_payload_caught *p =
		(void *)ct_recorder_head(r, ct_clock_now(), CT_EV_ACCESS_CAUGHT, 0, stack);

	*p = *what;
	ct_recorder_commit(r, CT_CAUGHT_SIZE);
}

uint8_t ct_caught_kind(uint32_t flags)
{
	return (uint8_t)((flags & CT_SITE_READS ? CT_ACCESS_READ : 0u) |
			 (flags & CT_SITE_WRITES ? CT_ACCESS_WRITE : 0u) |
			 (flags & CT_SITE_LOCKED ? CT_CAUGHT_LOCKED : 0u));
}

uint16_t ct_caught_size(uint32_t size)
{
	return size < UINT16_MAX ? (uint16_t)size : UINT16_MAX;
}

bool ct_caught_takes_part(const struct ct_recorder *r)
{
	return r->live && !r->behind && !r->busy;
}

bool ct_caught_meet(const struct ct_held_access *held, const struct ct_held_place *place,
		    const ucontext_t *context, const struct ct_payload_caught *mine)
{
	struct ct_recorder *r = ct_recorder_enter(CT_CAUGHT_SIZE);
	bool met;

	if (!r)
		return false;
	met = ct_rendezvous_meet(place);
	if (met) {
		ct_caught_count(held->pc, ct_context_pc(context));
		ct_caught_write(r, context, mine);
		__atomic_add_fetch(&total, 1, __ATOMIC_RELAXED);
	}
	ct_recorder_leave(r);
	return met;
}

uint64_t ct_caught_total(void)
{
	return __atomic_load_n(&total, __ATOMIC_RELAXED);
}

void ct_caught_forked(void)
{
	total = 0;
}
