#ifndef CT_MODEL_REPLAY_RUN_H
#define CT_MODEL_REPLAY_RUN_H
/* One run of a replay, and the threads that can never go on when it stands still. */
#include "model/replay.h"

/* What is to be said of a thread's next event. */
enum ct_replay_look {
	CT_LOOK_OVER,	/* there is none */
	CT_LOOK_UNBORN, /* its thread was not created yet */
	CT_LOOK_GO,	/* it can happen */
	CT_LOOK_OWNED,	/* it waits for what some threads own: a lock, or their end */
	CT_LOOK_HELP,	/* it waits for what some thread may do */
	CT_LOOK_OFF,	/* it cannot happen, but something else may, which nobody knows */
};

enum ct_replay_parked { CT_NOT_PARKED, CT_PARKED, CT_SIGNALLED };

struct ct_replay_stand {
	size_t next; /* how many ops it did */
	enum ct_replay_parked parked;
	bool born, ready;	       /* ready: in the heap */
	bool deaf;		       /* its wait ends by itself */
	uint32_t parked_on, parked_at; /* condition; number of the op in the schedule */
	uint64_t round;		       /* so many have to arrive before it leaves its barrier */
	uint32_t held;		       /* the op that took the newest lock that it holds, or NONE */
	uint32_t asleep_next;
};

struct ct_replay_value {
	uint64_t amount; /* units, arrivals, bytes */
	uint32_t owner;	 /* thread that has it exclusively, or NONE */
	uint32_t readers;
	uint32_t writer; /* op that wrote it last, or NONE */
	uint32_t puts, gets;
	bool mixed;	 /* bytes were put in another order than recorded */
	uint32_t asleep; /* threads that it kept from going on */
};

struct ct_replay_run {
	const struct ct_replay *replay;
	struct ct_replay_stand *stands; /* by thread id */
	struct ct_replay_value *values; /* resources, then threads, then what is outside */
	uint32_t *schedule;		/* ops in the order in which they were done */
	uint32_t *below; /* by op that holds a lock: the thread's one before, or NONE */
	uint32_t *heap;	 /* threads that may go on, the one with the oldest op first */
	bool *stuck;	 /* by thread id, see ct_replay_knot */
	const uint32_t *goals;
	size_t done, heap_count;
	uint32_t outside;
	uint64_t work; /* over all runs */
};

CT_MUST_CHECK enum ct_status ct_replay_run_new(const struct ct_replay *replay,
					       struct ct_replay_run **out_run);
void ct_replay_run_free(struct ct_replay_run *run);

/* Back to the beginning. */
void ct_replay_begin(struct ct_replay_run *run);
/* Everybody goes on until nobody can; each thread does only ops below its goal (NULL: all). */
void ct_replay_go(struct ct_replay_run *run, const uint32_t *goals);

/* The thread's next op; NULL: it is over. */
const struct ct_replay_op *ct_replay_next(const struct ct_replay_run *run, uint32_t thread);
enum ct_replay_look ct_replay_look(const struct ct_replay_run *run, uint32_t thread);
/* What keeps it from going on: the lock, also that of a WAKE; the condition, semaphore ... */
uint32_t ct_replay_wanted(const struct ct_replay_run *run, const struct ct_replay_op *op);
/* The op by which the thread holds the lock, or NONE. */
uint32_t ct_replay_held_by(const struct ct_replay_run *run, uint32_t thread, uint32_t resource);
/* Whether `next` owns what `thread` waits for: holds the lock, or has to end. */
bool ct_replay_owns(const struct ct_replay_run *run, uint32_t next, uint32_t thread);
/* Whether the thread would still do what may end a wait like that of `op`. */
bool ct_replay_would_help(const struct ct_replay_run *run, uint32_t thread,
			  const struct ct_replay_op *op);

/* When nobody can go on: marks in run->stuck the threads that nobody can free; false: none.
 * If it is by owners alone, *out_owned, only those are marked that wait for each other so. */
bool ct_replay_knot(struct ct_replay_run *run, bool *out_owned);

#endif
