#ifndef CT_MODEL_STATE_H
#define CT_MODEL_STATE_H
/*
 * What the model knows beyond what it shows (model.h). Private to model/ and its tests: each public
 * struct is the first member of its state, so that one cast leads from the one to the other.
 */
#include "base/map.h"
#include "model/descriptors.h"
#include "model/model.h"
#include "model/object_state.h"
#include "model/order.h"
#include "model/outer_waits.h"
#include "model/vclock.h"

struct ct_accesses;
struct ct_reach;
struct ct_mapping;
struct ct_memory;
struct ct_object_state;
struct ct_orphan;
struct ct_trap_records;

struct ct_process_state {
	struct ct_process process;
	const struct ct_trace_process *trace;
	uint32_t index; /* in model->processes */
	struct ct_object_table table;
	struct ct_mapping *mappings; /* by start; they do not overlap */
	size_t mapping_count, mapping_cap;
	struct ct_map pthreads;	      /* pthread_t: thread id of its newest owner */
	struct ct_map early_detaches; /* pthread_t whose owner has no record yet: when */
	struct ct_map timers;	      /* that are armed, by their ids: when they have fired */
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
	uint64_t create_time;	     /* of that record */
	bool cancelled;		     /* somebody asked for its end */
	bool forking;		     /* between a fork's request and its completion */
	uint16_t fork_event;
	bool fork_shares;	/* its fork was a clone that shares the memory */
	bool fork_shares_files; /* and one that shares the descriptors */
	uint32_t fork_stack;
	uint64_t fork_time;
	uint64_t handler_time; /* since when it runs a signal handler; 0: it does not */
	uint32_t handler_signal;
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
	bool shared_copied[CT_OBJECT_KINDS];  /* see one_process.h */
	uint64_t last_time;		      /* of the newest event */
	bool complete;			      /* nothing is left out from here on */
	struct ct_object_names *object_names; /* given.c */
	struct ct_reach *reach;		      /* while somebody uses it: ct_reach_share */
	struct ct_accesses *accesses;	      /* access_private.h; NULL: the trace has none */
	struct ct_trap_records *traps;	      /* traps.c; NULL: the trace tells of none */
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
