#ifndef CT_MODEL_VCLOCK_H
#define CT_MODEL_VCLOCK_H
/*
 * Vector clocks: which events a thread has surely seen.
 * A clock is the thread's own epoch and what it knows of the others (absent: 0). The latter changes
 * only where another thread's past comes in, so copies share it until then: a stamp of an event is
 * as cheap as a pointer. What is known of the others is a tree whose unchanged branches are shared
 * between clocks, so thousands of threads that came and went cost each new clock one path only.
 * Source: Mattern, "Virtual Time and Global States of Distributed Systems", 1989.
 * Not thread-safe. Storage is on the heap, counted by reference.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

struct ct_clock_others;

struct ct_vclock {
	uint32_t thread;		/* its own index */
	uint32_t epoch;			/* of `thread` */
	struct ct_clock_others *others; /* shared, immutable; NULL: knows nobody */
};

void ct_vclock_init(struct ct_vclock *clock, uint32_t thread);
/* A clock that no thread owns, to gather what several have seen. */
void ct_vclock_init_joint(struct ct_vclock *clock);
void ct_vclock_fini(struct ct_vclock *clock);

/* A copy that later changes of `clock` do not touch; to be released by ct_vclock_fini. */
struct ct_vclock ct_vclock_copy(const struct ct_vclock *clock);

/* What comes after this is not known to those who saw the clock before. */
void ct_vclock_tick(struct ct_vclock *clock);

/* `clock` has now seen all that `other` stands for. CT_ENOMEM leaves `clock` unchanged. */
CT_MUST_CHECK enum ct_status ct_vclock_join(struct ct_vclock *clock, const struct ct_vclock *other);

/* What `clock` knows of a thread. */
uint32_t ct_vclock_epoch(const struct ct_vclock *clock, uint32_t thread);

/* Whether the event stamped `first` is surely over before the one stamped `second`. Stamps of one
 * thread are in its own order. */
bool ct_vclock_before(const struct ct_vclock *first, const struct ct_vclock *second);

/* The same past: same thread, epoch and knowledge (compared by identity). */
bool ct_vclock_same(const struct ct_vclock *a, const struct ct_vclock *b);

/* Calls `see` for every other thread of which `now` knows something else than `before`; stops at
 * the first failure. Takes time for what differs only. */
typedef enum ct_status ct_vclock_see_fn(void *context, uint32_t thread, uint32_t epoch);
CT_MUST_CHECK enum ct_status ct_vclock_differences(const struct ct_vclock *before,
						   const struct ct_vclock *now,
						   ct_vclock_see_fn *see, void *context);

#endif
