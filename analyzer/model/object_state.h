#ifndef CT_MODEL_OBJECT_STATE_H
#define CT_MODEL_OBJECT_STATE_H
/*
 * What the model knows of an object beyond what it shows (model.h). Private to model/ and its
 * tests.
 */
#include "base/map.h"
#include "model/model.h"
#include "model/past.h"
#include "model/traffic.h"

struct ct_channel;
struct ct_file_locks;
struct ct_object_state;
struct ct_orphan;
struct ct_rounds;
struct ct_vclock;

/* Objects of one memory, by address in it. */
struct ct_object_table {
	struct ct_map newest; /* address: newest struct ct_object_state, also an ended one */
	struct ct_map pages;  /* address >> CT_PAGE_BITS: list of those that have not ended */
};
#define CT_PAGE_BITS 12

struct ct_object_state {
	struct ct_object object;
	struct ct_object_table *table;
	uint64_t address; /* in the table */
	uint64_t end_time;
	bool ended;
	bool one_way;	/* of a pipe: not a socket, bytes go from writers to readers */
	bool outside;	/* a descriptor of it was open when the trace began */
	bool nameless;	/* made in the trace; no name or key leads others to it */
	bool handed_on; /* a lock that somebody gave back who did not hold it */
	struct ct_object_state *peer; /* of a socket: the other end, if that is in the trace */
	struct ct_object_state *next_in_page;
	uint32_t *holders; /* thread ids; owned, heap */
	size_t holder_count, holder_cap;
	uint32_t waiters; /* threads that wait for it, or on a condition and need it then */
	struct ct_traffic traffic;
	struct ct_past past;
	struct ct_object_state *before;	      /* what stood there before, or NULL */
	const struct ct_object_state *origin; /* what it is a forked copy of, or NULL */
	const struct ct_orphan *orphan;	      /* of a fork or exec, see orphans.h; or NULL */
	uint32_t once_runner;		      /* thread id + 1 of who runs the initialisation ... */
	struct ct_held_lock once_hold;	      /* ... as if that were a lock */
	uint64_t *helpers; /* threads that did what ends a wait for it, see helpers.h; heap */
	size_t helper_count, helper_cap;
	uint64_t helped_time;		  /* of the last such deed, 0: none */
	uint64_t closed_time;		  /* a descriptor was closed, a direction shut down */
	struct ct_rounds *rounds;	  /* of a barrier, see rounds.h */
	struct ct_channel *channel;	  /* of a pipe, semaphore or counter, see channel.h */
	struct ct_vclock *said;		  /* what its happens_before told so far; owned, heap */
	struct ct_file_locks *file_locks; /* see filelocks.h */
	struct ct_object_state **watched; /* by an epoll; owned, heap */
	size_t watched_count, watched_cap;
};

#endif
