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
 * Locks are mutexes, read-write locks and spin locks. All strings and structs are owned by the
 * ct_lockorder; it borrows the model, which must outlive it.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "model/model.h"

struct ct_lock_hold {
	struct ct_object *object;
	enum ct_mode mode;
};

/* One place of a dependency: the first request with these stacks and this clock. */
struct ct_lock_request {
	uint64_t time;		       /* clock ticks; of a text trace: number of the event */
	uint32_t stack;		       /* of the request, id in the thread's process */
	const uint32_t *stacks;	       /* where each lock of the dependency's held set was taken */
	const struct ct_vclock *clock; /* what surely happened before */
	struct ct_lock_stamps *stamps; /* private: the first and the last times, for reach.h */
};

/* Thread asked for lock while it held these. Requests that end by themselves are kept apart. */
struct ct_lock_dependency {
	struct ct_thread *thread;
	struct ct_object *lock;
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
	CT_LOCK_BACKS_OFF,     /* a try-lock or a time limit ends one of the waits */
	CT_LOCK_READERS,       /* only readers meet at one of the locks */
};

struct ct_lock_cycle_step {
	const struct ct_lock_dependency *dependency;
	const struct ct_lock_request *request;
	size_t held; /* index in dependency->held: what the step before asks for */
};

/* Step i asks for what step i + 1 holds, the last for what the first holds. The first step is the
 * one that was seen first. */
struct ct_lock_cycle {
	struct ct_lock_cycle_step *steps;
	size_t length;
	enum ct_lock_verdict verdict;
	bool reachable;		       /* it was shown that the requests can all stand at once */
	const struct ct_object *guard; /* of CT_LOCK_GUARDED */
};

/* Bounds; reaching one sets the flag of the same name. */
#define CT_LOCKORDER_LENGTH 6u	  /* steps of a cycle */
#define CT_LOCKORDER_CYCLES 1000u /* cycles that can deadlock */
#define CT_LOCKORDER_RULED_OUT 1000u
#define CT_LOCKORDER_PLACES 64u	    /* of one dependency */
#define CT_LOCKORDER_HELD 128u	    /* locks of one held set, the newest */
#define CT_LOCKORDER_WORK 20000000u /* steps of the search */

struct ct_lockorder {
	const struct ct_model *model;
	struct ct_lock_dependency **dependencies; /* in order of first sight */
	struct ct_lock_edge **edges;		  /* likewise */
	struct ct_lock_cycle **cycles;		  /* can deadlock; shortest first */
	struct ct_lock_cycle **ruled_out;	  /* cannot; shortest first */
	size_t dependency_count, edge_count, cycle_count, ruled_out_count;
	bool length_hit, cycles_hit, ruled_out_hit, work_hit, places_hit, held_hit;
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

/* Why a cycle was ruled out, without the name of the guard: "the steps are ordered by ...". */
const char *ct_lock_verdict_text(enum ct_lock_verdict verdict);

#endif
