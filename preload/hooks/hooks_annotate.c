/*
 * What the macros of conctrace.h call: the OWN rows of hooks.def.
 *
 * The request of a program's own lock and what ends it are two calls, so what call.h keeps in
 * the frame of a hook is kept here by thread.
 */
#include "hooks/call.h"
#include "record/guard.h"
#include "record/defs.h"
#include "record/process.h"
#include "record/thread.h"

#define OWN(SHAPE, EVENT, result, name, params) result name params;
#include "hooks/hooks.def"

#define WAITS 4u	/* a lock may be made of locks; deeper ones have no request */
#define NAMES_TOLD 256u /* a power of two */

/* The requests that are not yet answered, outermost first. A signal handler that comes between any
 * two steps leaves as many as it found. */
static __thread struct ct_call waits[WAITS] __attribute__((tls_model("initial-exec")));
static __thread uint32_t wait_count __attribute__((tls_model("initial-exec")));

/* Its place among the waits, or wait_count. */
static uint32_t find_wait(uint16_t event, const volatile void *object)
{
	for (uint32_t i = wait_count; i-- > 0;)
		if (waits[i].pending && waits[i].event == event &&
		    waits[i].object == (uintptr_t)object)
			return i;
	return wait_count;
}

/* What the lock itself waits with is called by the frame that called us, or from there: it is then
 * as nested in this wait as a signal handler would be (call.c). */
static void cover_own_frame(uint16_t event, const volatile void *object, uintptr_t sp)
{
	struct ct_recorder *r = ct_guard_own(ct_self);

	if (r->live && r->live->event == event && r->live->object == (uintptr_t)object)
		r->waiting_sp = sp + 1;
}

static void request(uint16_t event, uint16_t flags, const volatile void *object, uintptr_t pc,
		    uintptr_t sp)
{
	uint32_t at = wait_count;

	if (at == WAITS || find_wait(event, object) < at)
		return;
	waits[at].pending = false;
	CT_BARRIER();
	wait_count = at + 1;
	CT_BARRIER();
	ct_call_request(&waits[at], event, flags, (uintptr_t)object, 0, pc, sp);
	cover_own_frame(event, object, sp);
}

/* Ends the wait, and those within it, which were jumped out of. False: there was no request. */
static bool answer(uint16_t event, const volatile void *object, int error)
{
	uint32_t at = find_wait(event, object), last = wait_count;

	if (at == last)
		return false;
	while (last-- > at) {
		ct_call_complete(&waits[last], last == at ? error : ECANCELED);
		wait_count = last;
	}
	return true;
}

static void acquired(uint16_t event, const volatile void *object, uintptr_t pc, uintptr_t sp)
{
	if (CT_LIKELY(!wait_count) || !answer(event, object, 0))
		ct_call_acquired(event, 0, object, pc, sp);
}

static void gave_up(uint16_t event, const volatile void *object, uintptr_t pc, uintptr_t sp)
{
	if (!answer(event, object, ETIMEDOUT))
		ct_call_failed(event, 0, (uintptr_t)object, ETIMEDOUT, pc, sp);
}

CT_EXPORT void conctrace_lock_request(const volatile void *object)
{
	request(CT_EV_USER_LOCK, 0, object, CT_CALLER);
}

CT_EXPORT void conctrace_lock_timed_request(const volatile void *object)
{
	request(CT_EV_USER_LOCK, CT_F_TIMED, object, CT_CALLER);
}

CT_EXPORT void conctrace_lock_acquired(const volatile void *object)
{
	acquired(CT_EV_USER_LOCK, object, CT_CALLER);
}

CT_EXPORT void conctrace_lock_gave_up(const volatile void *object)
{
	gave_up(CT_EV_USER_LOCK, object, CT_CALLER);
}

CT_EXPORT void conctrace_lock_tried(const volatile void *object, int got)
{
	ct_call_tried(CT_EV_USER_LOCK, CT_F_TRY, object, got ? 0 : EBUSY, CT_CALLER);
}

CT_EXPORT void conctrace_rdlock_request(const volatile void *object)
{
	request(CT_EV_USER_RDLOCK, 0, object, CT_CALLER);
}

CT_EXPORT void conctrace_rdlock_timed_request(const volatile void *object)
{
	request(CT_EV_USER_RDLOCK, CT_F_TIMED, object, CT_CALLER);
}

CT_EXPORT void conctrace_rdlock_acquired(const volatile void *object)
{
	acquired(CT_EV_USER_RDLOCK, object, CT_CALLER);
}

CT_EXPORT void conctrace_rdlock_gave_up(const volatile void *object)
{
	gave_up(CT_EV_USER_RDLOCK, object, CT_CALLER);
}

CT_EXPORT void conctrace_rdlock_tried(const volatile void *object, int got)
{
	ct_call_tried(CT_EV_USER_RDLOCK, CT_F_TRY, object, got ? 0 : EBUSY, CT_CALLER);
}

CT_EXPORT void conctrace_lock_release(const volatile void *object)
{
	ct_call_releases(CT_EV_USER_UNLOCK, 0, object, CT_CALLER);
}

CT_EXPORT void conctrace_happens_before(const volatile void *object)
{
	ct_call_event(CT_EV_HAPPENS_BEFORE, 0, (uintptr_t)object, 0, CT_CALLER);
}

CT_EXPORT void conctrace_happens_after(const volatile void *object)
{
	ct_call_event(CT_EV_HAPPENS_AFTER, 0, (uintptr_t)object, 0, CT_CALLER);
}

CT_EXPORT void conctrace_ignore_begin(int unused)
{
	(void)unused;
	ct_call_event(CT_EV_IGNORE_BEGIN, 0, 0, 0, CT_CALLER);
}

CT_EXPORT void conctrace_ignore_end(int unused)
{
	(void)unused;
	ct_call_event(CT_EV_IGNORE_END, 0, 0, 0, CT_CALLER);
}

static void name_object(const volatile void *object, const char *name)
{
	struct ct_process *process = ct_recorder_process();

	if (process)
		ct_defs_object_name(process, (const void *)(uintptr_t)object, name);
}

CT_EXPORT void conctrace_object_name(const volatile void *object, const char *name)
{
	if (object && name && *name)
		name_object(object, name);
}

CT_EXPORT void conctrace_thread_name(const char *name)
{
	if (name && *name)
		ct_thread_name(name);
}

/* Whether a region's name has been defined in this process: a region may begin a million times. */
static bool is_told(const char *name)
{
	static uint64_t told[NAMES_TOLD];
	const struct ct_process *process = ct_recorder_process();
	uint64_t key = 0xcbf29ce484222325u; /* FNV-1a */
	uint64_t *slot;

	if (!process)
		return true;
	key = (key ^ process->number ^ (uintptr_t)name) * 0x100000001b3u;
	for (const char *at = name; *at; at++)
		key = (key ^ (unsigned char)*at) * 0x100000001b3u;
	slot = &told[(key ^ key >> 32) & (NAMES_TOLD - 1)];
	if (__atomic_load_n(slot, __ATOMIC_RELAXED) == key)
		return true;
	__atomic_store_n(slot, key, __ATOMIC_RELAXED);
	return false;
}

CT_EXPORT void conctrace_region_begin(const char *name)
{
	if (name && *name && !is_told(name))
		name_object(name, name);
	ct_call_event(CT_EV_REGION_BEGIN, 0, (uintptr_t)name, 0, CT_CALLER);
}

CT_EXPORT void conctrace_region_end(int unused)
{
	(void)unused;
	ct_call_event(CT_EV_REGION_END, 0, 0, 0, CT_CALLER);
}
