#ifndef CT_MODEL_TRAFFIC_H
#define CT_MODEL_TRAFFIC_H
/*
 * What went through the objects that threads wait on: who gave to it last, how much is in it, and
 * whether that suffices to wake a thread that still waits.
 */
#include "model/model.h"

/* Somebody did something there. */
struct ct_deed {
	const struct ct_thread *thread; /* NULL: nobody did */
	uint32_t stack;			/* id in the thread's process */
	uint64_t time;
};

struct ct_traffic {
	struct ct_deed given;	 /* the last signal, post, write */
	bool given_whole;	 /* the last write is over: `in` has all of it */
	struct ct_deed unheard;	 /* the last signal that came while nobody waited */
	struct ct_deed partial;	 /* the last one that woke one of several, with none to come */
	uint64_t taken_time;	 /* of the last read or wait that took something */
	bool counted;		 /* a semaphore whose value was known once: first + in - out */
	uint64_t first, in, out; /* units, or bytes */
	uint32_t slots, fill; /* of a pipe that was never read: pages in use, bytes of the last */
	uint32_t waiting, woken; /* threads on a condition; those of them that a signal reached */
	uint32_t reached;	 /* the same, and a lone signal counts also where several wait */
	/* Of a semaphore that is used as a lock, as nobody gives who did not take: who took and has
	 * not given back, oldest first. Owned, heap. */
	bool no_lock;
	struct ct_deed *takers;
	size_t taker_count, taker_cap;
};

/* The step gives to an object or takes from it. */
CT_MUST_CHECK enum ct_status ct_traffic_note(const struct ct_model *model,
					     const struct ct_step *step);

/* A thread begins to wait, or no longer waits, for its object; `failed`: its call did nothing. */
void ct_traffic_enter(const struct ct_wait *wait);
void ct_traffic_leave(const struct ct_wait *wait, bool failed);

void ct_traffic_fini(struct ct_traffic *traffic);

/*
 * Of a trace that is read in part. What went through an object is known from the moment on since
 * when the trace is complete, of some objects from their begin. Who reads a trace so answers for it
 * that the threads which wait do sleep, as the kernel says: what they wait for is not there.
 */
/* The moment has come: what went through the other objects until now is forgotten. */
void ct_traffic_forget(const struct ct_model *model);
/* Whether all that went through the object is known. */
bool ct_traffic_is_known(const struct ct_model *model, const struct ct_object *object);
/* Whether what is not known may decide whether a thread waits for ever. */
bool ct_traffic_is_missed(const struct ct_model *model);

/* Whether what the thread waits for is there already, so that it only has to wake up. */
bool ct_traffic_may_wake(const struct ct_model *model, const struct ct_thread *thread);

/* What detectors ask. */
const struct ct_traffic *ct_traffic_of(const struct ct_object *object);
/* Whether the thread ever gave to it. */
bool ct_traffic_gave(const struct ct_object *object, const struct ct_thread *thread);
/* Of a barrier: how many make a round, and how many of its round wait there. */
bool ct_traffic_barrier(const struct ct_model *model, const struct ct_object *barrier,
			uint64_t *out_count, uint64_t *out_arrived);

#endif
