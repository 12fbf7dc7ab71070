#ifndef CT_MODEL_STATE_H
#define CT_MODEL_STATE_H
/*
 * What the model knows beyond what it shows (model.h). Private to model/ and its tests: each public
 * struct is the first member of its state, so that one cast leads from the one to the other.
 */
#include "base/map.h"
#include "model/descriptors.h"
#include "model/model.h"
#include "model/order.h"
#include "model/outer_waits.h"
#include "model/past.h"
#include "model/traffic.h"
#include "model/vclock.h"

struct ct_accesses;
struct ct_reach;
struct ct_mapping;
struct ct_memory;
struct ct_object_state;
struct ct_orphan;

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
	struct ct_traffic traffic;
	struct ct_past past;
	struct ct_object_state *before;	      /* what stood there before, or NULL */
	const struct ct_object_state *origin; /* what it is a forked copy of, or NULL */
	const struct ct_orphan *orphan;	      /* of a fork or exec, see orphans.h; or NULL */
	uint32_t once_runner;		      /* thread id + 1 of who runs the initialisation ... */
	uint64_t once_since;		      /* ... and when it began */
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

struct ct_process_state {
	struct ct_process process;
	const struct ct_trace_process *trace;
	uint32_t index; /* in model->processes */
	struct ct_object_table table;
	struct ct_mapping *mappings; /* by start; they do not overlap */
	size_t mapping_count, mapping_cap;
	struct ct_map pthreads; /* pthread_t: thread id of its newest owner */
	struct ct_map timers;	/* that are armed, by their ids: when they have fired */
	struct ct_descriptors descriptors;
	uint32_t image;		 /* as the trace counts them: 0 and up */
	uint64_t handled;	 /* signals that it has a handler for; bit 0 is signal 1 */
	size_t unknown_children; /* forks whose child is not in the trace */
	size_t unresolved_joins; /* requests for a pthread_t that nobody has said to be */
	bool begun;		 /* it had an event, or its fork was told */
	bool told;		 /* its fork was seen to return in the parent */
	bool reaped;		 /* its parent waited for it */
	bool copied;		 /* its memory began as a copy of its parent's */
	bool borrows;		 /* its memory is its parent's (vfork), until it execs */
	bool exec_pending;	 /* an exec was asked for; it happened unless a failure follows */
	uint64_t exec_time;
	const struct ct_thread *exec_thread;
};

struct ct_thread_state {
	struct ct_thread thread;
	const struct ct_trace_thread *trace;
	struct ct_vclock clock;
	struct ct_vclock fork_clock; /* as its fork request left it */
	bool seen;		     /* it had a record before */
	bool created;		     /* its creation was seen */
	bool cancelled;		     /* somebody asked for its end */
	bool forking;		     /* between a fork's request and its completion */
	uint16_t fork_event;
	bool fork_shares;	/* its fork was a clone that shares the memory */
	bool fork_shares_files; /* and one that shares the descriptors */
	uint32_t fork_stack;
	uint64_t fork_time;
	uint64_t handler_time; /* since when it runs a signal handler; 0: it does not */
	uint32_t handler_signal, handler_stack;
	struct ct_held_lock waited;  /* the mutex that a condition wait released, as it was held */
	struct ct_thread *handed_by; /* whose lock its last release gave back, or NULL */
	struct ct_held_lock handed;
	uint64_t wait_key; /* of a join: the pthread_t */
	struct ct_outer_waits outer_waits;
};

struct ct_model_state {
	struct ct_model model;
	struct ct_order_source source;
	struct ct_stream **streams;
	struct ct_memory *memories;
	struct ct_object_table kernel;	      /* by key */
	struct ct_kernel *kernel_facts;	      /* kernel.c */
	struct ct_map numbers;		      /* process number: index */
	struct ct_map unseen_order;	      /* process number: what was found, unseen_order.h */
	bool sockets_seen;		      /* pairs of them */
	uint64_t last_time;		      /* of the newest event */
	bool complete;			      /* nothing is left out from here on */
	struct ct_object_names *object_names; /* given.c */
	struct ct_reach *reach;		      /* while somebody uses it: ct_reach_share */
	struct ct_accesses *accesses;	      /* access_private.h; NULL: the trace has none */
	struct ct_timeline_item *timeline;
	size_t timeline_count, timeline_next;
};

static inline struct ct_model_state *ct_model_state(const struct ct_model *model)
{
	return (struct ct_model_state *)model;
}

static inline struct ct_process_state *ct_process_state(const struct ct_process *process)
{
	return (struct ct_process_state *)process;
}

static inline struct ct_thread_state *ct_thread_state(const struct ct_thread *thread)
{
	return (struct ct_thread_state *)thread;
}

static inline struct ct_object_state *ct_object_state(const struct ct_object *object)
{
	return (struct ct_object_state *)object;
}

/* As ct_model_new, with records from elsewhere (tests). `source` is copied. */
CT_MUST_CHECK enum ct_status ct_model_new_from(struct ct_trace *trace,
					       const struct ct_order_source *source,
					       struct ct_error *error, struct ct_model **out_model);

#endif
