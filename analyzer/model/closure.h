#ifndef CT_MODEL_CLOSURE_H
#define CT_MODEL_CLOSURE_H
/*
 * The sync-preserving closure: the fewest events that must have happened for some threads to stand
 * where they are wanted, when every lock is taken in the recorded order. The recorded run with all
 * other events left out is then a run that could have been, and so a witness.
 *
 * A set of events is a prefix of each thread. It only grows: to be asked about a later place, a
 * thread is sent on, and the work done so far is kept.
 *
 * Two rules for locks. A set is closed if of two critical sections whose acquisitions are in it,
 * the earlier is over in it. That is enough where all is known that threads read. Where it is not,
 * hand-overs count as well: an acquisition in the set needs all earlier sections to be over, but
 * for the sections in which a thread is to stand, which are taken last.
 *
 * Source: Tunc, Mathur, Pavlogiannis, Viswanathan, "Sound Dynamic Deadlock Prediction in Linear
 * Time", PLDI 2023; the second rule is our own (docs/prediction.md).
 */
#include "model/reach.h"

struct ct_closure;

/* `reach` must be finished, and outlive the closure. */
CT_MUST_CHECK enum ct_status ct_closure_new(const struct ct_reach *reach, bool hand_overs,
					    struct ct_closure **out_closure);
void ct_closure_free(struct ct_closure *closure);

/* Back to the empty set. */
void ct_closure_begin(struct ct_closure *closure);
/* The thread is to stand just before its event at `position`: all before it is in. */
CT_MUST_CHECK enum ct_status ct_closure_stand(struct ct_closure *closure,
					      const struct ct_thread *thread, uint32_t position);
/* The event at `position`, and all before it, is in. */
CT_MUST_CHECK enum ct_status ct_closure_add(struct ct_closure *closure,
					    const struct ct_thread *thread, uint32_t position);
/* Closes the set. *out_possible: false if some section would have to be over that never ends. */
CT_MUST_CHECK enum ct_status ct_closure_close(struct ct_closure *closure, bool *out_possible);
/* How many events of the thread are in. */
uint32_t ct_closure_reached(const struct ct_closure *closure, const struct ct_thread *thread);

/* Steps of work since it was made. */
uint64_t ct_closure_work(const struct ct_closure *closure);

#endif
