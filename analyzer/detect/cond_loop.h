#ifndef CT_DETECT_COND_LOOP_H
#define CT_DETECT_COND_LOOP_H
/*
 * What threads that wait on conditions tested before, and whether they test it again. Private to
 * detect_cond_loop.c.
 *
 * Bounded: the newest CT_TESTS_KEPT accesses under a hold (who makes more is left out) and the
 * newest CT_WRITES_KEPT writes of each cell of eight bytes that is waited for.
 */
#include "base/map.h"
#include "detect/atomicity_places.h"
#include "model/traffic.h"

enum { CT_TESTS_KEPT = 16, CT_WRITES_KEPT = 4, CT_AWAITED_CELLS = 1 << 16 };

struct ct_test {
	const struct ct_thread *thread;
	uint64_t location, time; /* that of its thread's record before it */
	uint32_t size, stack;	 /* size 0: none */
	bool writes;
};

/* One wait, from its request until it is known what the thread does after it. */
struct ct_cond_wait {
	const struct ct_object *cond, *mutex; /* cond NULL: none */
	uint64_t since, returned;
	uint32_t stack;
	struct ct_deed signal; /* the last one before it returned */
	struct ct_test tests[CT_TESTS_KEPT];
	size_t test_count;
};

struct ct_loop_thread {
	struct ct_test recent[CT_TESTS_KEPT];
	size_t recent_count; /* of all there were */
	struct ct_cond_wait wait;
	struct ct_test again; /* what it read after the wait; may be a part of `x = x - 1` */
	bool unknown;	      /* some of its accesses were not kept */
};

struct ct_awaited {
	struct ct_test writes[CT_WRITES_KEPT];
	size_t next;
};

struct ct_cond_loops {
	struct ct_loop_thread **threads; /* owned, by id; NULL: nothing is known */
	size_t thread_count;
	struct ct_map awaited; /* cell: number in `cells` */
	struct ct_awaited *cells;
	size_t cell_count, cell_cap;
	struct ct_places places;
};

/* A thread changes what it tested before it waited only, and another one did the same meanwhile. */
struct ct_stale_act {
	const struct ct_cond_wait *wait;
	struct ct_test test, act, between;
};

CT_MUST_CHECK enum ct_status ct_cond_loops_init(struct ct_cond_loops *loops,
						const struct ct_model *model);
void ct_cond_loops_fini(struct ct_cond_loops *loops);

/* To be called with every step; *out_found: `out_act` is one. */
CT_MUST_CHECK enum ct_status ct_cond_loops_step(struct ct_cond_loops *loops,
						const struct ct_step *step, bool *out_found,
						struct ct_stale_act *out_act);

#endif
