#ifndef CT_MODEL_REACH_PRIVATE_H
#define CT_MODEL_REACH_PRIVATE_H
/* What the parts of reach, and closure.c, share. */
#include "base/map.h"
#include "base/vec.h"
#include "model/hb.h"
#include "model/lockset.h"
#include "model/reach.h"
#include "model/shadow.h"
#include "model/units.h"

/* What is known of an event's past, or of that of several. */
struct ct_reach_stamp {
	struct ct_vclock must;	 /* what must come before it in every order that could have been */
	struct ct_vclock before; /* what happened before it (hb.h) */
};

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
	struct ct_reach_stamp writer, readers;
	struct ct_reach_stamp *posts; /* of a semaphore: those that no wait has needed yet */
	size_t post_count, post_cap, post_first;
	uint64_t waits;		/* completed */
	uint64_t written, room; /* bytes, of a pipe or socket; room: once it was written to */
	uint32_t *pairs;	/* who has sections of it */
	size_t pair_count, pair_cap;
	struct ct_reach_holder *holders; /* open sections */
	size_t holder_count, holder_cap;
	struct ct_vclock freed[2]; /* what happened before it was given back, by mode (hb.h) */
	bool general; /* it seemed to be a lock first: its sections follow each other as they did */
	bool tried;   /* a try for it failed */
	bool handed;  /* somebody gave it back who did not hold it */
	bool shared;  /* it has sections that are not exclusive */
};

struct ct_reach_thread {
	struct ct_reach_stamp now; /* of the current event; epochs: its position */
	struct ct_vclock *pasts;   /* now.must at each position where something came in */
	size_t past_count, past_cap;
	struct ct_hb_thread hb;
	uint32_t lockset;  /* what it held at its last access */
	uint32_t since;	   /* its last event that is no access, or comes after others' */
	uint32_t ignoring; /* depth: its accesses are not to be looked at */
	struct ct_reach_section *sections; /* in order of begin */
	size_t section_count, section_cap;
	struct ct_reach_event *events;
	size_t event_count, event_cap;
	uint32_t *ends; /* its position at the end of each epoch of the model's clock */
	size_t end_count, end_cap;
	struct ct_vclock known; /* the model's clock, when it was last looked at */
	/* Those who cancelled it: whatever it does then may be that it ends. */
	struct ct_reach_stamp cancelled;
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
	struct ct_reach_stamp given, taken, ended;
	struct ct_reach_stamp cancelled; /* those who cancelled a thread that had not begun yet */
	size_t users;			 /* ct_reach_share */
	uint64_t next;			 /* index of the next step */
	bool finished;
	bool accessed;		  /* there were accesses to memory */
	struct ct_shadow *shadow; /* and hb: of a trace with accesses, else NULL */
	uint64_t budget;	  /* of cells that may still be looked at */
	struct ct_hb *hb;
	struct ct_locksets locksets;
	ct_reach_watch_fn *watch;
	void *watch_context;
};

void ct_stamp_init_joint(struct ct_reach_stamp *stamp);
void ct_stamp_fini(struct ct_reach_stamp *stamp);
struct ct_reach_stamp ct_stamp_copy(const struct ct_reach_stamp *stamp);
CT_MUST_CHECK enum ct_status ct_stamp_join(struct ct_reach_stamp *stamp,
					   const struct ct_reach_stamp *other);
/* `clock` becomes a copy of `to`. */
void ct_reach_set_clock(struct ct_vclock *clock, const struct ct_vclock *to);

/* To the thread's next event. */
void ct_reach_advance(struct ct_reach *reach, uint32_t thread);

/* The thread's current event comes after all that `past` stands for. */
CT_MUST_CHECK enum ct_status ct_reach_follow(struct ct_reach *reach, uint32_t thread,
					     const struct ct_reach_stamp *past);
/* ... after the other thread's event at `position`. */
CT_MUST_CHECK enum ct_status ct_reach_follow_event(struct ct_reach *reach, uint32_t thread,
						   uint32_t other, uint32_t position);
/* The same, but the one does not happen before the other: an atomic load that sees a store. */
CT_MUST_CHECK enum ct_status ct_reach_need_event(struct ct_reach *reach, uint32_t thread,
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

/* Accesses to memory: reach_access.c. The first is the thread's current event. */
CT_MUST_CHECK enum ct_status ct_reach_accesses(struct ct_reach *reach, const struct ct_step *step);

/* Not all accesses were looked at: they were too many, or to too much memory. */
bool ct_reach_is_incomplete(const struct ct_reach *reach);

/* What goes through the kernel: reach_kernel.c. */
CT_MUST_CHECK enum ct_status ct_reach_exchange(struct ct_reach *reach, const struct ct_step *step);

#endif
