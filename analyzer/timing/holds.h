#ifndef CT_TIMING_HOLDS_H
#define CT_TIMING_HOLDS_H
/*
 * Which locks each thread holds, and since when. Private to timing/.
 *
 * A hold lasts from the outermost acquisition to the last release; a condition wait ends the hold
 * of its mutex and begins another. The model alone decides what is held: what a thread holds after
 * each of its events is compared with what it held before. Semaphores and file locks that are used
 * as locks (model/units.h) are locks.
 */
#include "model/model.h"

struct ct_hold {
	const struct ct_object *object;
	uint64_t since, since_ns; /* ticks, ns since the trace began */
	uint32_t stack;		  /* where it was taken, id in its thread's process */
};

/* A lock that a step took, not only took again after a condition wait. */
struct ct_acquisition {
	const struct ct_object *object; /* NULL: the step took none */
	bool contended, waited;		/* had to wait; it is known how long */
	uint64_t wait_ns;
};

/* A hold has ended. */
typedef enum ct_status ct_hold_ended(void *state, const struct ct_thread *thread,
				     const struct ct_hold *hold, uint64_t end_ns);

struct ct_holds;
CT_MUST_CHECK enum ct_status ct_holds_new(const struct ct_model *model, ct_hold_ended *ended,
					  void *state, struct ct_holds **out_holds);
void ct_holds_free(struct ct_holds *holds);

/* To be called once with every step; what the step itself does to the holds is told and listed
 * from the next call on. */
CT_MUST_CHECK enum ct_status ct_holds_step(struct ct_holds *holds, const struct ct_step *step,
					   uint64_t time_ns, struct ct_acquisition *out_taken);
/* The thread is gone: so are its holds. */
CT_MUST_CHECK enum ct_status ct_holds_end(struct ct_holds *holds, const struct ct_thread *thread,
					  uint64_t time_ns);

/* The i-th of what the thread holds, or NULL if there are not so many. */
const struct ct_hold *ct_holds_of(const struct ct_holds *holds, const struct ct_thread *thread,
				  size_t i);
/* Whether the object is a lock, or has been used as one so far. */
bool ct_holds_is_lock(const struct ct_holds *holds, const struct ct_object *object);

#endif
