#ifndef CT_MODEL_REACH_H
#define CT_MODEL_REACH_H
/*
 * Whether requests for locks that were made one after the other could stand at the same time.
 *
 * A sound test on the recorded order: replay, of every thread, the part of the run that must come
 * before its request, and let everybody else leave the locks that the requesters hold; then the
 * requests are reached together if that part ends in each of their threads just before its request.
 * "Must come before" is everything that synchronisation orders, lock hand-overs included, except
 * the hand-overs to locks that the requester still holds: those it takes last. Nothing is known of
 * what threads read where accesses were not recorded; then the test assumes that it does not
 * decide, inside those locks, whether the request is made. Source: the sync-preserving closure of
 * Tunc, Mathur, Pavlogiannis, Viswanathan, "Sound Dynamic Deadlock Prediction in Linear Time", PLDI
 * 2023, with all hand-overs kept where they were seen.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "model/model.h"
#include "model/vclock.h"

struct ct_reach;

CT_MUST_CHECK enum ct_status ct_reach_new(const struct ct_model *model,
					  struct ct_reach **out_reach);
void ct_reach_free(struct ct_reach *reach);

/* To be called with every step of the run, before any stamp of that step is taken. */
CT_MUST_CHECK enum ct_status ct_reach_step(struct ct_reach *reach, const struct ct_step *step);

struct ct_reach_hold {
	const struct ct_object *object;
	enum ct_mode mode;
};

/* What must come before the request that the thread makes in the current step. */
struct ct_reach_stamp {
	struct ct_vclock past; /* owned; its own epoch: the event before the request */
	const struct ct_thread *thread;
	const struct ct_reach_hold *held; /* at the request; borrowed from whoever stamps */
	size_t held_count;
};

/* Fills past and thread; release with ct_vclock_fini(&stamp->past). */
void ct_reach_take(const struct ct_reach *reach, const struct ct_thread *thread,
		   struct ct_reach_stamp *out_stamp);

/* Whether the requests (of different threads, with held sets that can coexist) can all stand at
 * once. After the run. False also means: could not be shown. */
CT_MUST_CHECK enum ct_status ct_reach_together(const struct ct_reach *reach,
					       const struct ct_reach_stamp *const *stamps,
					       size_t count, bool *out_together);

#endif
