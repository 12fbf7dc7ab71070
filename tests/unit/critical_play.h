#ifndef CT_TESTS_CRITICAL_PLAY_H
#define CT_TESTS_CRITICAL_PLAY_H
/*
 * A random run of some threads that create each other, lock, post, wait, sleep and meet at a
 * barrier, as a fake trace; and what a test of the critical path sees of it.
 */
#include <stddef.h>
#include <stdint.h>

#include "fake_trace.h"
#include "timing/critical.h"

enum { THREADS = 5, SEMAPHORES = 3, LOCKS = 2 };
#define SEM(i) (1000u + 64u * (unsigned)(i))
#define LOCK(i) (5000u + 64u * (unsigned)(i))
#define BARRIER 8000u /* of two */
/* Times lie so far apart that clocks cannot be meant to disagree. */
#define TICK 10000u

struct hold {
	size_t thread;
	int lock;
	uint64_t from, to;
};

/* What the program will do next. */
struct actor {
	enum { UNBORN, RUNS_ON, WAITS_SEM, WAITS_LOCK, WAITS_BARRIER, SLEEPS, WOKEN, ENDED } state;
	int object;	  /* that it waits for */
	uint16_t woken;	  /* the call that it waits in */
	uint32_t address; /* its object */
	uint64_t born, locked_at;
	int locked; /* lock + 1 that it holds */
};

struct play {
	struct fake_trace *fake;
	struct actor actors[THREADS];
	int units[SEMAPHORES], owners[LOCKS]; /* thread + 1 */
	struct hold *holds;
	size_t hold_count, hold_cap;
	uint64_t now, seed;
	/* seen */
	struct ct_span *spans;
	size_t span_count, span_cap;
	struct ct_timing timing;
	struct ct_part_critical *part;
	size_t most_links;
};

/* Makes play->fake of so many steps and whatever brings it to an end; `seed` says which. */
void play_perform(struct play *play, unsigned steps);

#endif
