#ifndef CT_HOOKS_CALL_H
#define CT_HOOKS_CALL_H
/*
 * One intercepted call, from its request to its completion. All that a hook does besides the real
 * call is here; none of it is held across the real call, so a cancellation, a signal or a long wait
 * finds nothing half done.
 *
 * Order of stamps: an acquisition after the real call, a release before it. Then the records of one
 * object, by time, are an order in which it can have happened.
 */
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>

#include "hooks/effect.h"
#include "hooks/held.h"
#include "hooks/pages.h"
#include "hooks/sync.h"
#include "record/recorder.h"
#include "record/stack.h"

#define CT_EXPORT __attribute__((visibility("default")))

/* Where the program called the hook from: only meaningful in the hook itself. */
#define CT_CALLER (uintptr_t) __builtin_return_address(0), (uintptr_t)__builtin_dwarf_cfa()

/* What a live page says of a call that waits. */
struct ct_waiting {
	uint64_t object, arg, since;
	uintptr_t sp;
	uint32_t stack;
	uint16_t event, flags;
};

struct ct_call {
	uint64_t object, arg;
	uint32_t stack;
	uint16_t event, flags;
	bool pending;	/* requested, not yet completed */
	bool shown;	/* begun in the live page */
	bool gave_back; /* a condition wait: the mutex was among the held locks */
	bool nested; /* made by a signal handler that interrupted `outer`, which goes on waiting */
	bool within; /* it is what a lock of the program's own waits with, and is not shown */
	struct ct_waiting outer;
};

/* A call that is unwound completes (as a failure; a condition wait holds its mutex again). */
#define CT_CALL_SCOPE __attribute__((cleanup(ct_call_abandon)))

static inline void ct_call_write(struct ct_recorder *r, uint64_t time, uint16_t event,
				 uint16_t flags, uint32_t stack, uint64_t object, uint64_t arg)
{
	if (ct_event_has_arg(event))
		ct_record_obj_arg(r, time, event, flags, stack, object, arg);
	else
		ct_record_obj(r, time, event, flags, stack, object);
}

/* A lock or semaphore was taken without a wait. */
static inline void ct_call_acquired(uint16_t event, uint16_t flags, const volatile void *object,
				    uintptr_t pc, uintptr_t sp)
{
	struct ct_recorder *r = ct_recorder_enter(CT_SIZE_ANY);
	uint32_t stack;
	uint64_t now;

	if (CT_UNLIKELY(!r))
		return;
	stack = ct_stack_id(r, pc, sp);
	now = ct_clock_now();
	if (ct_event_holds(event))
		ct_held_add(r->live, (uintptr_t)object, now, stack, event);
	ct_record_obj(r, now, event, flags, stack, (uintptr_t)object);
	ct_pages_mark((uintptr_t)object);
	ct_recorder_leave(r);
}

/* A lock is about to be given back. */
static inline void ct_call_releases(uint16_t event, uint16_t flags, const volatile void *object,
				    uintptr_t pc, uintptr_t sp)
{
	struct ct_recorder *r = ct_recorder_enter(CT_SIZE_ANY);
	uint64_t now;
	uint32_t stack;

	if (CT_UNLIKELY(!r))
		return;
	stack = ct_stack_caller(r, pc);
	if (CT_LIKELY(r->live->held_count == 1 && r->live->held[0].object == (uintptr_t)object &&
		      r->live->held[0].depth == 1))
		r->live->held_count = 0;
	else if (!ct_held_remove(r->live, (uintptr_t)object))
		stack = ct_held_not_listed(r, event, (uintptr_t)object, pc, sp, &flags);
	now = ct_clock_now();
	ct_record_obj(r, now, event, flags, stack, (uintptr_t)object);
	ct_recorder_leave(r);
}

/* Any event that neither waits nor holds: completed, or (before the call) about to happen. */
void ct_call_event(uint16_t event, uint16_t flags, uint64_t object, uint64_t arg, uintptr_t pc,
		   uintptr_t sp);
/* The call was refused; `error` is an errno value. */
void ct_call_failed(uint16_t event, uint16_t flags, uint64_t object, int error, uintptr_t pc,
		    uintptr_t sp);
/* A lock whose call did not fail was taken (0 or EOWNERDEAD), or was not. */
void ct_call_tried(uint16_t event, uint16_t flags, const volatile void *object, int error,
		   uintptr_t pc, uintptr_t sp);

/* The call may wait now: passes a sync point, fills the live page and writes the request. */
void ct_call_request(struct ct_call *call, uint16_t event, uint16_t flags, uint64_t object,
		     uint64_t arg, uintptr_t pc, uintptr_t sp);
/* The same without a sync point: the call has passed it, has tried and has to wait. */
void ct_call_request_tried(struct ct_call *call, uint16_t event, uint16_t flags, uint64_t object,
			   uint64_t arg, uintptr_t pc, uintptr_t sp);
/* It came back: 0 or an errno value; the completion's object and arg may differ. */
void ct_call_complete(struct ct_call *call, int error);
void ct_call_complete_with(struct ct_call *call, int error, uint64_t object, uint64_t arg);
/* An event, a request_tried and a complete with a payload of another layout (payloads.def).
 * `object` and `arg` are what the live page says. */
void ct_call_event_bytes(uint16_t event, uint16_t flags, const void *payload, size_t size,
			 uintptr_t pc, uintptr_t sp);
void ct_call_request_bytes(struct ct_call *call, uint16_t event, uint16_t flags, uint64_t object,
			   uint64_t arg, const void *payload, size_t size, uintptr_t pc,
			   uintptr_t sp);
void ct_call_complete_bytes(struct ct_call *call, int error, const void *payload, size_t size);
/* Completes a call that is unwound. */
void ct_call_abandon(struct ct_call *call);

/* errno of a call that returns -1 on failure, else 0. */
static inline int ct_errno_of(long result)
{
	return result == -1 ? errno : 0;
}

#endif
