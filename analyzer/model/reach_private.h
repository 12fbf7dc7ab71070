#ifndef CT_MODEL_REACH_PRIVATE_H
#define CT_MODEL_REACH_PRIVATE_H
/* What the parts of reach, and closure.c, share. */
#include "base/map.h"
#include "base/vec.h"
#include "model/reach.h"
#include "model/units.h"

/* A thread has a lock. */
struct ct_reach_section {
	uint32_t begin, end; /* positions in the thread; end 0: it never ends */
	uint32_t order;	     /* of the acquisition, in the run */
	uint32_t pair : 31;  /* of thread and lock */
	uint32_t exclusive : 1;
};

/* The sections of one thread on one lock. */
struct ct_reach_pair {
	uint32_t thread, lock;
	uint32_t *sections; /* indices in the thread's, in order */
	size_t count, cap;
};

struct ct_reach_holder {
	uint32_t thread, section;
};

/* What is known of an object. */
struct ct_reach_source {
	/* Of what is no lock: all that was given; all that was taken. Of a lock: given back by
	 * threads that did not hold it. Of a semaphore, `writer`: the posts that waits needed. */
	struct ct_vclock writer, readers;
	struct ct_vclock *posts; /* of a semaphore: those that no wait has needed yet */
	size_t post_count, post_cap, post_first;
	uint64_t waits;		/* completed */
	uint64_t written, room; /* bytes, of a pipe or socket; room: once it was written to */
	uint32_t *pairs;	/* who has sections of it */
	size_t pair_count, pair_cap;
	struct ct_reach_holder *holders; /* open sections */
	size_t holder_count, holder_cap;
	bool general; /* it seemed to be a lock first: its sections follow each other as they did */
	bool tried;   /* a try for it failed */
	bool handed;  /* somebody gave it back who did not hold it */
	bool shared;  /* it has sections that are not exclusive */
};

struct ct_reach_thread {
	struct ct_vclock clock;	 /* what must come before the current event; epoch: its position */
	struct ct_vclock *pasts; /* the clock at each position where something came in */
	size_t past_count, past_cap;
	struct ct_reach_section *sections; /* in order of begin */
	size_t section_count, section_cap;
	struct ct_reach_event *events;
	size_t event_count, event_cap;
	uint32_t *ends; /* its position at the end of each epoch of the model's clock */
	size_t end_count, end_cap;
	struct ct_vclock known; /* the model's clock, when it was last looked at */
	/* Those who cancelled it: whatever it does then may be that it ends. */
	struct ct_vclock cancelled;
	/* What all had done when it opened an end to read from; counts if that was a FIFO's. */
	struct ct_vclock met;
	uint32_t opened; /* id of what it opened just before, + 1 */
};

struct ct_reach {
	const struct ct_model *model;
	struct ct_reach_thread *threads; /* by id */
	struct ct_reach_source *sources; /* by object id */
	size_t source_count, source_cap;
	struct ct_reach_pair *pairs;
	size_t pair_count, pair_cap;
	struct ct_units *units;
	struct ct_unit_op unit; /* what the current step does to one */
	struct ct_map pair_of;	/* lock << 32 | thread: index in pairs */
	/* All that was given to, and taken from, anything of the kernel's: who brings what to whom
	 * is not always known. And the ends of processes: they give back what nobody writes down.
	 */
	struct ct_vclock given, taken, ended;
	struct ct_vclock cancelled; /* those who cancelled a thread that had not begun yet */
	struct ct_map writes;	    /* address: index in last_writes */
	struct ct_vclock *last_writes;
	size_t write_count, write_cap;
};

/* The thread's current event comes after all that `past` stands for. */
CT_MUST_CHECK enum ct_status ct_reach_follow(struct ct_reach *reach, uint32_t thread,
					     const struct ct_vclock *past);
/* ... after the other thread's event at `position`. */
CT_MUST_CHECK enum ct_status ct_reach_follow_event(struct ct_reach *reach, uint32_t thread,
						   uint32_t other, uint32_t position);

/* The last of the thread's pasts that is not of after `position`, or NULL. */
const struct ct_vclock *ct_reach_past(const struct ct_reach_thread *thread, uint32_t position);

CT_MUST_CHECK enum ct_status ct_reach_source(struct ct_reach *reach, const struct ct_object *object,
					     struct ct_reach_source **out_source);

/* Critical sections: reach_locks.c. The thread has the lock from its current event on. */
CT_MUST_CHECK enum ct_status ct_reach_enter(struct ct_reach *reach, const struct ct_step *step,
					    const struct ct_object *lock, enum ct_mode mode);
CT_MUST_CHECK enum ct_status ct_reach_leave(struct ct_reach *reach, const struct ct_step *step,
					    const struct ct_object *lock);
/* A try for the lock that failed: somebody had it. */
CT_MUST_CHECK enum ct_status ct_reach_found_held(struct ct_reach *reach, const struct ct_step *step,
						 const struct ct_object *lock);

/* What goes through the kernel: reach_kernel.c. */
CT_MUST_CHECK enum ct_status ct_reach_exchange(struct ct_reach *reach, const struct ct_step *step);
/* To be called before the thread's next step is counted. */
CT_MUST_CHECK enum ct_status ct_reach_settle_open(struct ct_reach *reach,
						  const struct ct_step *step);

#endif
