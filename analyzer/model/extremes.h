#ifndef CT_MODEL_EXTREMES_H
#define CT_MODEL_EXTREMES_H
/*
 * Two extremes: orders in which a wait that went well may not.
 *
 * For each operation that waits for what another thread does (a signal, a post, an arrival, bytes,
 * an end), and for each acquisition that its thread made shortly before, still holds, or the
 * operation itself: once the thread is there as early as can be (closure.h), and once it stops
 * there until all others can go no further. Then everybody goes on in the recorded order as far as
 * possible (replay.h). Whoever is stuck at the end, could be so in a real run. Of small traces all
 * combinations of places where threads stop until nobody else can go on are tried as well.
 * The search is ours; the idea of replaying recorded operations instead of the program is from
 * Joshi, Naik, Sen, Gay, "An Effective Dynamic Analysis for Detecting Generalized Deadlocks", 2010.
 */
#include "model/replay_run.h"

/* A run that ended with threads that are stuck (run->stuck); `owned`: they wait for each other by
 * what they own. */
typedef enum ct_status ct_extremes_found(void *context, const struct ct_replay_run *run,
					 bool owned);

struct ct_extremes {
	void *context;
	ct_extremes_found *found;
	uint64_t work; /* that may be done; about 20 million are a second */
	bool given_up; /* out: it was not enough */
	bool undone; /* out: the recorded order itself is not possible as we see it: nothing done */
};

/* `replay` is finished. */
CT_MUST_CHECK enum ct_status ct_extremes_search(const struct ct_replay *replay,
						struct ct_extremes *search);

#endif
