#ifndef CT_MODEL_REPLAY_H
#define CT_MODEL_REPLAY_H
/*
 * A run of the recorded events in another order, by what the operations do.
 *
 * As an observer of the run, ct_replay keeps what each thread did to what others use as well. A
 * ct_replay_run then lets the threads go on again, whoever's next event is the oldest first, as far
 * as each is allowed to. Nothing is done that could not be done: locks, read-write locks,
 * semaphores, conditions, barriers, pipes, create and join are as in a real run; a read happens
 * only when it sees the write that it saw, so that everybody does what was recorded. A thread whose
 * next event is impossible for such a reason is off the record: it may do anything from there on.
 * What is not known well enough (sockets, handlers, file locks ...) keeps its recorded order.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/map.h"
#include "base/status.h"
#include "model/model.h"

enum ct_replay_deed {
	CT_REPLAY_READ,
	CT_REPLAY_WRITE,
	CT_REPLAY_LOCK,
	CT_REPLAY_UNLOCK,
	CT_REPLAY_FAIL, /* a try that found the lock held, or the semaphore at 0 */
	CT_REPLAY_PARK, /* a condition wait begins, the mutex is given back */
	CT_REPLAY_WAKE, /* it was woken, and has the mutex again */
	CT_REPLAY_SIGNAL,
	CT_REPLAY_BROADCAST,
	CT_REPLAY_POST,
	CT_REPLAY_TAKE, /* a unit of a semaphore */
	CT_REPLAY_ARRIVE,
	CT_REPLAY_LEAVE, /* a barrier */
	CT_REPLAY_PUT,
	CT_REPLAY_GET, /* bytes of a pipe */
	CT_REPLAY_CREATE,
	CT_REPLAY_JOIN,
	CT_REPLAY_OUTSIDE, /* comes after all of its kind that came before */
};

#define CT_REPLAY_NONE UINT32_MAX

struct ct_replay_op {
	uint8_t deed; /* enum ct_replay_deed */
	bool exclusive;
	bool limited; /* never waits for ever: a try, or one with a time limit */
	bool used;    /* of a signal: it woke somebody in the record */
	uint32_t thread;
	uint32_t resource; /* index; NONE of CREATE, JOIN and OUTSIDE */
	uint32_t mutex;	   /* resource, of PARK and WAKE */
	uint32_t other; /* thread of CREATE and JOIN; whom SIGNAL woke; who held what FAIL wanted */
	uint32_t source; /* op: the last write before a READ, the signal of a WAKE; or NONE */
	uint32_t amount; /* bytes */
	uint32_t turn;	 /* of PUT, GET, OUTSIDE: its number among those of the resource */
	uint32_t stack;
	uint32_t request, number; /* among the thread's events, see finding.h; request: of asking */
	uint32_t position;	  /* see reach.h */
	uint64_t time;
};

/* What an op is done to: an object, or a variable. */
struct ct_replay_resource {
	const struct ct_object *object; /* NULL: a variable */
	uint64_t size;	     /* first value of a semaphore, threads of a barrier, room of a pipe */
	uint32_t user;	     /* the one thread that used it so far, or NONE */
	uint32_t written;    /* op, or NONE */
	uint32_t puts, gets; /* of bytes, units */
	bool shared;	     /* several threads used it */
	bool strange;	     /* not what we know how to do: its ops are OUTSIDE */
	uint32_t *signals;   /* ops; owned */
	size_t signal_count, signal_cap;
};

struct ct_replay_thread {
	size_t first, count; /* in ct_replay.order */
	uint32_t events;     /* so far, accesses to memory not counted */
	uint32_t request;    /* ordinal of its request that waits for its completion, 0: none */
	uint32_t park;	     /* its last op PARK */
	bool created;	     /* by an op: it has to come first */
};

struct ct_replay {
	const struct ct_model *model;
	struct ct_reach *reach;
	struct ct_replay_op *ops; /* in recorded order */
	uint32_t *order;	  /* numbers of ops, thread by thread */
	struct ct_replay_resource *resources;
	struct ct_replay_thread *threads; /* by thread id */
	size_t op_count, op_cap, resource_count, resource_cap;
	struct ct_map objects, variables; /* id, address: resource */
	uint32_t outside;		  /* ops OUTSIDE so far */
	size_t waits;			  /* ops that communicate and may wait for ever */
	bool given_up;			  /* too many ops */
};

CT_MUST_CHECK enum ct_status ct_replay_new(const struct ct_model *model,
					   struct ct_replay **out_replay);
void ct_replay_free(struct ct_replay *replay);
/* With every step of the run; then once before any run. */
CT_MUST_CHECK enum ct_status ct_replay_step(struct ct_replay *replay, const struct ct_step *step);
CT_MUST_CHECK enum ct_status ct_replay_finish(struct ct_replay *replay);

/* Whether the op waits for another thread's doing, not for who owns a lock. */
bool ct_replay_communicates(enum ct_replay_deed deed);

#endif
