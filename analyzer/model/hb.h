#ifndef CT_MODEL_HB_H
#define CT_MODEL_HB_H
/*
 * What happened before what in the run as it was: the part of reach that races are judged by.
 *
 * The edges are those of reach (every stamp that goes from thread to thread there carries this
 * clock as well), and besides: a lock that was given back before it is taken, and atomics by their
 * memory orders. An atomic load that sees a store comes after it in every order of the run
 * (reach), but unless one releases and the other acquires it does not happen after it.
 * A plain read happens after the write that it saw, too, once the two were looked at as a race: so
 * each race that is told stands on its own (SHB: Mathur, Kini, Viswanathan, "What Happens-After the
 * First Race?", 2018).
 *
 * What a thread knew long ago is kept for the last changes only; of earlier ones the oldest that is
 * kept is taken: more is ordered then than was, so that a race may be missed but none made up.
 * Nothing of this is kept of traces without accesses.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/map.h"
#include "base/status.h"
#include "model/vclock.h"

struct ct_access;
struct ct_hb;
struct ct_reach;

/* Of one thread; in struct ct_reach_thread. */
struct ct_hb_thread {
	struct ct_vclock *pasts; /* the clock where something came in: the last of them */
	size_t past_count, past_cap;
	bool forgot;		   /* there were earlier ones */
	struct ct_vclock released; /* at its last release fence; relaxed stores give that */
	struct ct_vclock seen;	   /* by relaxed loads: known after an acquire fence */
};

CT_MUST_CHECK enum ct_status ct_hb_new(struct ct_reach *reach, struct ct_hb **out_hb);
void ct_hb_free(struct ct_reach *reach);

/* The thread's current event happens after all that `past` stands for. */
CT_MUST_CHECK enum ct_status ct_hb_follow(struct ct_reach *reach, uint32_t thread,
					  const struct ct_vclock *past);
/* ... after the other thread's event at `position`. */
CT_MUST_CHECK enum ct_status ct_hb_follow_event(struct ct_reach *reach, uint32_t thread,
						uint32_t other, uint32_t position);

/* An atomic access. Atomics are told apart by where they begin. */
CT_MUST_CHECK enum ct_status ct_hb_atomic(struct ct_reach *reach, uint32_t thread,
					  uint64_t location, const struct ct_access *access);
CT_MUST_CHECK enum ct_status ct_hb_fence(struct ct_reach *reach, uint32_t thread, uint8_t order);
/* What was stored in a range of locations is no more. */
void ct_hb_void(struct ct_reach *reach, uint64_t location, uint64_t size);

#endif
