#include "steer/delay.h"

#include "sys/kernel.h"

#define BUDGET_US 100000u /* of a thread's delays */
#define FULL_BUDGETS 16u  /* of a maker's later threads, the n-th has 16/n of that */
#define FADE 64u	  /* sync points, after which delays become half as frequent ... */
#define FIRST_CHANGE 8u

enum situation { GIVES, ASKS, ASKS_HOLDING };

/* Of priority 0, the lowest, to 3: how often it is late, of 256 times; how long: from 2^shortest us
 * to 2^longest us, all powers alike; 0: it only yields. */
static const struct {
	uint32_t chance[3]; /* by situation */
	uint32_t shortest, longest;
} priorities[4] = {
	{{48, 128, 240}, 8, 13},
	{{32, 96, 208}, 7, 12},
	{{16, 48, 128}, 4, 9},
	{{8, 16, 32}, 0, 0},
};

static enum situation situation_of(const struct ct_steer_self *self,
				   const struct ct_steer_point *point)
{
	switch (point->effect) {
	case CT_EFFECT_ACQUIRE:
	case CT_EFFECT_ACQUIRE_SHARED:
	case CT_EFFECT_SEM_WAIT:
	case CT_EFFECT_WAIT:
	case CT_EFFECT_BARRIER:
	case CT_EFFECT_ONCE:
	case CT_EFFECT_THREAD_JOIN:
	case CT_EFFECT_PROCESS_WAIT:
	case CT_EFFECT_READ:
	case CT_EFFECT_COUNTER_TAKE:
	case CT_EFFECT_MESSAGE_RECEIVE:
		return point->held || self->taken ? ASKS_HOLDING : ASKS;
	case CT_EFFECT_SEM_OP: /* what is held of these is not known here */
	case CT_EFFECT_FILE_LOCK:
		return ASKS_HOLDING;
	default:
		return GIVES;
	}
}

/* A semaphore may be a lock. */
static void count_taken(struct ct_steer_self *self, const struct ct_steer_point *point)
{
	if (point->effect == CT_EFFECT_SEM_WAIT)
		self->taken++;
	else if (point->effect == CT_EFFECT_SEM_POST && self->taken)
		self->taken--;
}

/* It changes once in each of the ranges [8, 16), [16, 32), [32, 64) ... of sync points: seldom, and
 * in a program of any length. */
static uint32_t priority(uint64_t thread, struct ct_steer_self *self)
{
	uint64_t range = (uint64_t)FIRST_CHANGE << self->changes;

	if (self->index >= range + ct_plan_mix(thread, range) % range)
		self->changes++;
	return ct_plan_mix(thread, ~(uint64_t)self->changes) % 4;
}

static uint32_t budget_of(const struct ct_steer_self *self)
{
	return self->position <= FULL_BUDGETS ? BUDGET_US
					      : BUDGET_US / self->position * FULL_BUDGETS;
}

void ct_steer_delay(uint64_t seed, struct ct_steer_self *self, const struct ct_steer_point *point)
{
	uint64_t thread = ct_plan_mix(seed, self->path), dice = ct_plan_mix(thread, self->index);
	uint32_t p = priority(thread, self), us, range;
	uint64_t chance = priorities[p].chance[situation_of(self, point)];

	count_taken(self, point);
	if ((dice & 0xffff) >= chance * 256 * FADE / (FADE + self->index))
		return;
	if (!priorities[p].longest) {
		ct_sys_yield();
		return;
	}
	range = priorities[p].longest - priorities[p].shortest + 1;
	us = 1u << (priorities[p].shortest + (uint32_t)(dice >> 16) % range);
	if (self->delayed_us + us > budget_of(self))
		return;
	self->delayed_us += us;
	ct_sys_sleep((uint64_t)us * 1000); /* a signal ends it */
}
