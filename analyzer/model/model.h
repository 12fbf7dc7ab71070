#ifndef CT_MODEL_MODEL_H
#define CT_MODEL_MODEL_H
/*
 * What the program was: processes, threads, sync objects, who held what, in one order of events.
 *
 * ct_model_run() merges the threads' streams (order.h) and calls every observer once per event,
 * after working out what the event means: which object (address, generation, shared or not), which
 * locks the thread holds, what it now waits for. Observers read the model and never write it.
 * The model lives as long as its trace; all strings and structs are its own, borrowed by others.
 */
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/status.h"
#include "base/vec.h"
#include "model/kinds.h"
#include "reader/reader.h"

struct ct_access;
struct ct_counts;
struct ct_kernel_view;

/* A sync object: one life of one address. Identity is (process, address) for private memory,
 * (device, inode, offset) for shared memory, the key of a kernel object; plus a generation. */
struct ct_object {
	uint32_t id; /* dense, in order of first sight */
	enum ct_object_kind kind;
	struct ct_process *process; /* NULL: shared between processes */
	uint64_t address;	    /* in the process that used it first; key of a kernel object */
	uint64_t time;		    /* of its first use */
	uint32_t generation;
	uint64_t init_arg;		 /* as recorded by its init; 0 if none was seen */
	bool initialised, destroyed;	 /* its init, its destruction was seen */
	const struct ct_thread *creator; /* who initialised it, else who used it first */
	uint32_t init_stack;		 /* where, id in creator's process; 0 unknown */
	const char *given_name; /* from the trace (sem_open, a socket's address), or NULL */
};

struct ct_held_lock {
	struct ct_object *object;
	enum ct_mode mode;
	uint32_t depth, stack; /* depth: of recursion */
	uint64_t since;
};

/* What a thread asked for and has not got. */
struct ct_wait {
	enum ct_wait_kind kind;
	enum ct_mode mode;
	bool timed;
	struct ct_object *object;   /* may be NULL */
	struct ct_object *mutex;    /* of a condition wait */
	struct ct_object **objects; /* of a poll: those of the list that the trace knows */
	size_t object_count;
	struct ct_payload_file_lock file; /* of a file lock */
	struct ct_thread *thread, **helpers;
	struct ct_process *process;
	size_t helper_count;
	uint16_t event;
	uint32_t stack;
	uint64_t since;
	uint64_t amount; /* of a read or write: bytes asked for, 0 unknown */
};

struct ct_process {
	uint32_t number, pid, parent_pid;
	struct ct_process *parent;
	const char *command, *name; /* name: last path component of its program */
	size_t program_length;	    /* of command: without the arguments */
	struct ct_thread **threads;
	size_t thread_count, thread_cap;
	bool exited;
};

struct ct_thread {
	uint32_t id; /* dense over the trace, in order of ct_trace.threads */
	struct ct_process *process;
	uint32_t number, tid;
	const char *name; /* as a person would say: "main", "worker-2 (T3)", "T2 of child 4711" */
	struct ct_thread *creator;
	uint32_t create_stack; /* id in creator's process */
	uint64_t pthread, stack_low, stack_size;
	bool started, exited, joined, detached;
	struct ct_held_lock *held; /* oldest first */
	size_t held_count, held_cap;
	struct ct_wait wait;	 /* kind NONE while it runs */
	struct ct_vclock *clock; /* must-happens-before: create, join, fork, wait, barrier ... */
};

/* One event, understood. `held` of the thread is as BEFORE the event. */
struct ct_step {
	const struct ct_record *record;
	const struct ct_event_info *info;
	enum ct_effect effect;
	struct ct_thread *thread;
	struct ct_object *object; /* NULL where there is none */
	struct ct_object *mutex;  /* of a condition wait */
	struct ct_thread *other;  /* created, joined, started by; main of a forked, reaped child */
	bool request;		  /* about to wait */
	bool outermost;		  /* acquire and release: not a recursive inner one */
	uint64_t index;		  /* position in the merged order, from 0 */
	/* Accesses to memory that the event is or lists, in their order; borrowed until the next
	 * step. All happen after the thread's event before and before its next one. */
	const struct ct_access *accesses;
	size_t access_count;
	uint64_t ends, ends_size; /* locations (access.h) of memory that ends, or begins anew */
};

struct ct_model {
	struct ct_trace *trace;
	struct ct_arena arena;
	struct ct_process **processes;
	struct ct_thread **threads;
	struct ct_object **objects;
	size_t process_count, thread_count, object_count, object_cap;
	uint64_t events;
	struct ct_counts *counts;		  /* of its run, see counts.h; in the arena */
	const struct ct_kernel_view *kernel_view; /* borrowed; NULL: nothing is known */
	/* Both may be NULL: true, and false, end the work with CT_EINTR. `progress` is called now
	 * and then with the events so far. */
	const atomic_bool *unwanted;
	bool (*progress)(void *state, uint64_t events);
	void *progress_state;
	void *private_data;
};

/* A consumer of the event order; `step` may be NULL. */
struct ct_observer {
	void *state;
	enum ct_status (*step)(void *state, const struct ct_model *model,
			       const struct ct_step *step);
};

CT_MUST_CHECK enum ct_status ct_model_new(struct ct_trace *trace, struct ct_error *error,
					  struct ct_model **out_model);
/* Runs the whole trace through the observers; the model then stands at the trace's last state.
 * Returns the first failure of an observer, or CT_ENOMEM. */
CT_MUST_CHECK enum ct_status ct_model_run(struct ct_model *model, struct ct_observer *observers,
					  size_t count, struct ct_error *error);
/* CT_OK, or CT_EINTR: for work on the model that takes long, too. Calls `progress`. */
CT_MUST_CHECK enum ct_status ct_model_goes_on(const struct ct_model *model);
void ct_model_free(struct ct_model *model);

#endif
