#ifndef CT_MODEL_ROUNDS_H
#define CT_MODEL_ROUNDS_H
/*
 * What a barrier orders in every schedule: all arrivals of a round come before all departures.
 * That is sure as long as no more threads use the barrier than it waits for; with more, nothing is
 * stated from then on. Private to model/.
 */
#include "model/state.h"

/* Rounds may be NULL: then nothing is stated. */
CT_MUST_CHECK enum ct_status ct_rounds_new(uint32_t count, struct ct_rounds **out_rounds);
CT_MUST_CHECK enum ct_status ct_rounds_arrive(struct ct_rounds *rounds,
					      struct ct_thread_state *thread);
CT_MUST_CHECK enum ct_status ct_rounds_leave(struct ct_rounds *rounds,
					     struct ct_thread_state *thread);
/* Whether the thread, which has not left, surely waits for others to arrive. */
bool ct_rounds_waits(const struct ct_rounds *rounds, const struct ct_thread *thread);
void ct_rounds_free(struct ct_rounds *rounds);

#endif
