#ifndef CT_MODEL_LOCKORDER_H
#define CT_MODEL_LOCKORDER_H
/*
 * In which orders the program took its locks, and which of these orders can deadlock.
 *
 * An observer of ct_model_run() collects the lock dependencies, one per (thread, lock, mode, held
 * locks), with the places where they were seen, and the plain edges held -> requested that a
 * drawing shows. ct_lockorder_cycles() then looks for Goodlock cycles.
 * Sources: Havelund, "Using Runtime Analysis to Guide Model Checking of Java Programs", 2000;
 * Joshi et al., "A Randomized Dynamic Program Analysis Technique for Detecting Real Deadlocks"
 * (iGoodlock), PLDI 2009; guards held by another thread: after Sulzmann, arXiv 2512.23552.
 * Locks are mutexes, read-write locks and spin locks; joins and waits for children are requests,
 * too, and whoever is joined is in the way of the joiner. All strings and structs are owned by the
 * ct_lockorder; it borrows the model, which must outlive it.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "model/model.h"

struct ct_reach;

struct ct_lock_hold {
	struct ct_object *object;
	enum ct_mode mode;
};

/* One place of a dependency: the requests with these stacks. */
struct ct_lock_request {
	uint64_t time;	/* of the first; clock ticks, of a text trace: number of the event */
	uint32_t stack; /* of the request, id in the thread's process */
	const uint32_t *stacks; /* where each lock of the dependency's held set was taken */
	uint32_t *positions;	/* all of them, in the thread (reach.h) */
	size_t position_count, position_cap;
};

/* Thread asked for lock, or joins a thread, while it held these (or nothing: it may be joined by
 * one that holds something). Requests that end by themselves are kept apart. */
struct ct_lock_dependency {
	struct ct_thread *thread;
	struct ct_object *lock;	 /* NULL: it waits for the end of `joins` */
	struct ct_thread *joins; /* of a child process: its first thread */
	enum ct_mode mode;
	bool try, timed;
	const struct ct_lock_hold *held; /* by object id */
	size_t held_count;
	struct ct_lock_request *requests;
	size_t request_count, request_cap;
	uint64_t count;	   /* how often it was seen */
	bool requests_cut; /* more places than CT_LOCKORDER_PLACES: only these are kept */
};

/* Plain lock order: thread asked for `to` while it held `from`. Stacks are of the first time. */
struct ct_lock_edge {
	struct ct_object *from, *to;
	enum ct_mode from_mode, to_mode;
	bool try, timed;
	struct ct_thread *thread;
	uint32_t from_stack, to_stack; /* where it took `from`, where it asked for `to` */
	uint64_t count;
	bool in_cycle; /* part of a cycle that can deadlock; set by ct_lockorder_cycles */
};

enum ct_lock_verdict {
	CT_LOCK_CAN_DEADLOCK,
	CT_LOCK_SINGLE_THREAD, /* one thread makes two of the steps */
	CT_LOCK_GUARDED,       /* two steps need `guard` at once */
	CT_LOCK_ORDERED,       /* one step is always over before another begins */
	CT_LOCK_BACKS_OFF,     /* a try-lock, a time limit or a signal ends one of the waits */
	CT_LOCK_READERS,       /* only readers meet at one of the locks */
};

#define CT_LOCK_NOT_HELD SIZE_MAX

struct ct_lock_cycle_step {
	const struct ct_lock_dependency *dependency;
	const struct ct_lock_request *request;
	/* index in dependency->held: what the step before asks for; CT_LOCK_NOT_HELD: the step
	 * before waits for the end of this one's thread */
	size_t held;
	uint32_t position; /* of the request in its thread, one that fits the others */
};

/* Step i asks for what step i + 1 holds (or joins its thread), the last for what the first holds.
 * The first step is the one that was seen first. */
struct ct_lock_cycle {
	struct ct_lock_cycle_step *steps;
	size_t length;
	enum ct_lock_verdict verdict;
	bool reachable;		       /* it was shown that the requests can all stand at once */
	const struct ct_object *guard; /* of CT_LOCK_GUARDED */
	uint16_t ordered_by; /* of CT_LOCK_ORDERED: the event that makes the order, 0: not known */
	/* Of a reachable one: how many events of which threads come before. */
	struct ct_lock_prefix *prefixes;
	size_t prefix_count;
};

struct ct_lock_prefix {
	const struct ct_thread *thread;
	uint32_t reached; /* position of its last event */
};

/* Bounds; reaching one sets the flag of the same name. */
#define CT_LOCKORDER_LENGTH 32u	  /* steps of a cycle */
#define CT_LOCKORDER_CYCLES 1000u /* cycles that can deadlock */
#define CT_LOCKORDER_RULED_OUT 1000u
#define CT_LOCKORDER_PLACES 64u	       /* of one dependency */
#define CT_LOCKORDER_HELD 128u	       /* locks of one held set, the newest */
#define CT_LOCKORDER_WORK 20000000u    /* steps of the search */
#define CT_LOCKORDER_TESTS 2000000000u /* steps of showing that cycles are reachable */

struct ct_lockorder {
	const struct ct_model *model;
	struct ct_lock_dependency **dependencies; /* in order of first sight */
	struct ct_lock_edge **edges;		  /* likewise */
	struct ct_lock_cycle **cycles;		  /* can deadlock; shortest first */
	struct ct_lock_cycle **ruled_out;	  /* cannot; shortest first */
	size_t dependency_count, edge_count, cycle_count, ruled_out_count;
	bool length_hit, cycles_hit, ruled_out_hit, work_hit, places_hit, held_hit;
	bool tests_hit;
	struct ct_lockorder_private *private_data;
};

CT_MUST_CHECK enum ct_status ct_lockorder_new(const struct ct_model *model,
					      struct ct_lockorder **out_order);
/* For the array that ct_model_run takes. */
struct ct_observer ct_lockorder_observer(struct ct_lockorder *order);
/* The observer's function, for a detector that has its own state. */
enum ct_status ct_lockorder_step(struct ct_lockorder *order, const struct ct_model *model,
				 const struct ct_step *step);

/* After the run: fills cycles, ruled_out and the edges' in_cycle. One cycle per distinct set of
 * locks and places. To be called once. */
CT_MUST_CHECK enum ct_status ct_lockorder_cycles(struct ct_lockorder *order);

void ct_lockorder_free(struct ct_lockorder *order);

/* What it knows of what comes before what; after ct_lockorder_cycles. */
const struct ct_reach *ct_lockorder_reach(const struct ct_lockorder *order);

/* Why a cycle was ruled out, without the name of the guard: "the steps are ordered by ...". */
const char *ct_lock_verdict_text(enum ct_lock_verdict verdict);

#endif
