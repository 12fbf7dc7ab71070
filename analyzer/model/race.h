#ifndef CT_MODEL_RACE_H
#define CT_MODEL_RACE_H
/*
 * Data races: two accesses of two threads to the same bytes, of which at least one writes and at
 * least one is not atomic, and which nothing orders.
 *
 * While the run goes on, pairs are collected that could stand side by side: nothing that holds in
 * every order of the run comes between them, and no lock excludes it. One pair per two places of
 * the program. Those that the run itself left unordered (hb.h) are races. Of the others it is then
 * asked whether another order of the run leads there: by the closure (closure.h), which keeps the
 * order in which locks were taken; and for pairs for which that fails, by trying out others.
 * Sources: Mathur, Pavlogiannis, Viswanathan, "Optimal Prediction of Synchronization-Preserving
 * Races", POPL 2021; Shi, Mathur, Pavlogiannis, "Optimistic Prediction of Synchronization-Reversal
 * Data Races", ICSE 2024.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/access.h"
#include "model/reach.h"
#include "model/schedule.h"

struct ct_lockset;

struct ct_race_access {
	const struct ct_thread *thread;
	uint32_t position; /* see reach.h */
	uint32_t stack;	   /* id in the thread's process */
	uint64_t time;	   /* of its record */
	uint64_t address;  /* of its first byte, in its process */
	uint32_t lockset;
	uint16_t size;
	uint8_t kind; /* enum ct_access_kind */
};

/* Where they meet. */
struct ct_race_memory {
	uint64_t address;      /* first byte that both touch, in the later one's process */
	struct ct_block block; /* size 0: in none */
	const struct ct_thread *stack_owner;
};

struct ct_race_instance {
	struct ct_race_access sides[2]; /* as they came in the run */
	struct ct_race_memory memory;
};

enum ct_race_verdict {
	CT_RACE_NOT_SHOWN,
	CT_RACE_REVERSED,  /* in an order in which locks are taken in another order as well */
	CT_RACE_REORDERED, /* in another order of the run */
	CT_RACE_IN_RUN,
};

/* The accesses at two places of the program. */
struct ct_race_pair {
	enum ct_race_verdict verdict;
	struct ct_race_instance shown; /* the one that the verdict is of */
	struct ct_race_instance *tries;
	size_t try_count, try_cap;
	uint64_t count;		      /* how often they met */
	struct ct_schedule_run *runs; /* of REORDERED: how far each thread gets before; owned */
	size_t run_count;
};

struct ct_races;

CT_MUST_CHECK enum ct_status ct_races_new(const struct ct_model *model,
					  struct ct_races **out_races);
void ct_races_free(struct ct_races *races);
CT_MUST_CHECK enum ct_status ct_races_step(struct ct_races *races, const struct ct_step *step);
/* After the run: fills in the verdicts. */
CT_MUST_CHECK enum ct_status ct_races_finish(struct ct_races *races);

/* In the order in which they were first seen. */
const struct ct_race_pair *ct_races_pairs(const struct ct_races *races, size_t *out_count);
const struct ct_lockset *ct_races_lockset(const struct ct_races *races, uint32_t lockset);
const struct ct_reach *ct_races_reach(const struct ct_races *races);
/* Some could not be looked at: there were too many. */
bool ct_races_given_up(const struct ct_races *races);

#endif
