#include "hooks/call.h"

#include <pthread.h>

#include "record/guard.h"

enum {
	RWLOCK_READER = 1 << 3, /* glibc counts readers from this bit on */
	SPIN_FREE = 1,		/* glibc's, on x86 */
};

uint8_t ct_pages[CT_PAGES];
void (*ct_sync_passed)(uint16_t event, uint64_t object, uintptr_t pc, uintptr_t sp);

void ct_held_add_slow(struct ct_live *live, uint64_t object, uint64_t time, uint32_t stack,
		      uint16_t event)
{
	uint32_t count = live->held_count;

	for (uint32_t i = 0; i < count && i < CT_HELD_MAX; i++) {
		if (live->held[i].object != object)
			continue;
		live->held[i].depth++;
		return;
	}
	if (count >= CT_HELD_MAX) {
		live->unlisted++;
		return;
	}
	live->held[count] = (struct ct_held){object, time, stack, event, 1};
	CT_BARRIER();
	live->held_count = count + 1;
}

bool ct_held_remove(struct ct_live *live, uint64_t object)
{
	uint32_t count = live->held_count < CT_HELD_MAX ? live->held_count : CT_HELD_MAX;

	for (uint32_t i = count; i-- > 0;) {
		if (live->held[i].object != object)
			continue;
		if (--live->held[i].depth > 0)
			return true;
		for (; i + 1 < count; i++)
			live->held[i] = live->held[i + 1];
		CT_BARRIER();
		live->held_count = count - 1;
		return true;
	}
	if (!live->unlisted)
		return false;
	live->unlisted--;
	return true;
}

/* A mtx_t is a mutex (c11.h). */
static bool owns(const struct ct_recorder *r, uintptr_t mutex)
{
	return ((const pthread_mutex_t *)mutex)->__data.__owner == (int)r->tid;
}

/* By calls that are not seen: to a function that dlsym found in libc, say. */
static bool is_taken(const struct ct_recorder *r, uint16_t event, uintptr_t object)
{
	const pthread_rwlock_t *rwlock = (const void *)object;

	switch (event) {
	case CT_EV_MUTEX_UNLOCK:
	case CT_EV_MTX_UNLOCK:
		return owns(r, object);
	case CT_EV_RWLOCK_UNLOCK:
		return rwlock->__data.__readers >= RWLOCK_READER ||
		       rwlock->__data.__cur_writer == (int)r->tid;
	case CT_EV_SPIN_UNLOCK:
		return *(const pthread_spinlock_t *)object != SPIN_FREE;
	default:
		return false;
	}
}

uint32_t ct_held_not_listed(struct ct_recorder *r, uint16_t event, uintptr_t object, uintptr_t pc,
			    uintptr_t sp, uint16_t *flags)
{
	if (is_taken(r, event, object))
		*flags |= CT_F_TAKEN;
	return ct_stack_id(r, pc, sp);
}

void ct_call_event(uint16_t event, uint16_t flags, uint64_t object, uint64_t arg, uintptr_t pc,
		   uintptr_t sp)
{
	struct ct_recorder *r = ct_recorder_enter(CT_SIZE_ANY);
	uint32_t stack;

	if (!r)
		return;
	stack = ct_stack_id(r, pc, sp);
	ct_call_write(r, ct_clock_now(), event, flags, stack, object, arg);
	ct_recorder_leave(r);
}

static void write_bytes(struct ct_recorder *r, uint64_t time, uint16_t event, uint16_t flags,
			uint32_t stack, const void *payload, size_t size)
{
	__builtin_memcpy(ct_recorder_head(r, time, event, flags, stack), payload, size);
	ct_recorder_commit(r, sizeof(struct ct_record_head) + size);
}

static size_t room_for(size_t payload_size)
{
	size_t size = sizeof(struct ct_record_head) + payload_size;

	return size > CT_SIZE_ANY ? size : CT_SIZE_ANY;
}

void ct_call_event_bytes(uint16_t event, uint16_t flags, const void *payload, size_t size,
			 uintptr_t pc, uintptr_t sp)
{
	struct ct_recorder *r = ct_recorder_enter(room_for(size));
	uint32_t stack;

	if (!r)
		return;
	stack = ct_stack_id(r, pc, sp);
	write_bytes(r, ct_clock_now(), event, flags, stack, payload, size);
	ct_recorder_leave(r);
}

static void write_failure(struct ct_recorder *r, uint16_t event, uint16_t flags, uint32_t stack,
			  uint64_t object, int error)
{
	struct ct_payload_fail *p =
		(void *)ct_recorder_head(r, ct_clock_now(), CT_EV_FAIL, flags, stack);

	*p = (struct ct_payload_fail){object, (uint32_t)error, event};
	ct_recorder_commit(r, sizeof(struct ct_record_head) + sizeof(*p));
}

void ct_call_failed(uint16_t event, uint16_t flags, uint64_t object, int error, uintptr_t pc,
		    uintptr_t sp)
{
	struct ct_recorder *r = ct_recorder_enter(CT_SIZE_ANY);

	if (!r)
		return;
	write_failure(r, event, flags, ct_stack_id(r, pc, sp), object, error);
	ct_recorder_leave(r);
}

void ct_call_tried(uint16_t event, uint16_t flags, const volatile void *object, int error,
		   uintptr_t pc, uintptr_t sp)
{
	if (error == 0 || error == EOWNERDEAD)
		ct_call_acquired(event, (uint16_t)(flags | (error ? CT_F_OWNER_DEAD : 0)), object,
				 pc, sp);
	else
		ct_call_failed(event, flags, (uintptr_t)object, error, pc, sp);
}

static struct ct_waiting read_page(const struct ct_recorder *r)
{
	const struct ct_live *live = r->live;

	return (struct ct_waiting){live->object, live->arg,   live->since, r->waiting_sp,
				   live->stack,	 live->event, live->flags};
}

static void fill_page(struct ct_recorder *r, const struct ct_waiting *w)
{
	struct ct_live *live = r->live;

	live->object = w->object;
	live->arg = w->arg;
	live->since = w->since;
	live->stack = w->stack;
	live->event = w->event;
	live->flags = w->flags;
	r->waiting_sp = w->sp;
	CT_BARRIER();
}

static bool is_on_own_stack(const struct ct_recorder *r, uintptr_t sp)
{
	return sp >= r->stack_low && sp < r->stack_high;
}

/* Whether a signal handler calls here, and what it interrupted still waits. A call that was jumped
 * out of has left the page as if it waited, but its frame is no longer above ours. */
static bool interrupts(const struct ct_recorder *r, uintptr_t sp)
{
	return (r->live->epoch & 1) && (!is_on_own_stack(r, sp) || sp < r->waiting_sp);
}

static bool is_programs_lock(uint16_t event)
{
	return event == CT_EV_USER_LOCK || event == CT_EV_USER_RDLOCK;
}

/* What a lock of the program's own waits with is no wait beside that for the lock: the page goes on
 * showing the lock, and the thread does not seem to move. On another stack it may be a fiber that
 * calls here, while the one that waits for the lock does not run. */
static bool is_within_lock(const struct ct_recorder *r, uint16_t event, uintptr_t sp)
{
	return is_programs_lock(r->live->event) && !is_programs_lock(event) &&
	       is_on_own_stack(r, sp);
}

/* A condition wait gives its mutex back. */
static void give_back(struct ct_recorder *r, struct ct_call *call)
{
	if (ct_event_effect(call->event) != CT_EFFECT_WAIT)
		return;
	call->gave_back = ct_held_remove(r->live, call->arg);
	if (!call->gave_back && call->pending && call->arg && owns(r, call->arg))
		call->flags |= CT_F_TAKEN;
}

static void show(struct ct_recorder *r, struct ct_call *call, uint64_t now, uintptr_t sp)
{
	call->nested = interrupts(r, sp);
	call->within = call->nested && is_within_lock(r, call->event, sp);
	if (call->within)
		return;
	if (call->nested)
		call->outer = read_page(r);
	fill_page(r, &(struct ct_waiting){call->object, call->arg, now, sp, call->stack,
					  call->event, call->flags});
	r->live->epoch = (r->live->epoch + 1) | 1; /* odd, whatever it was */
}

/* Fills the live page; returns the time of the request. */
static uint64_t begin_wait(struct ct_recorder *r, struct ct_call *call, uintptr_t pc, uintptr_t sp)
{
	uint64_t now;

	call->stack = ct_stack_id(r, pc, sp);
	now = ct_clock_now();
	give_back(r, call);
	show(r, call, now, sp);
	call->shown = true;
	return now;
}

void ct_call_request(struct ct_call *call, uint16_t event, uint16_t flags, uint64_t object,
		     uint64_t arg, uintptr_t pc, uintptr_t sp)
{
	call->pending = false; /* should it be unwound meanwhile */
	ct_sync(event, object, pc, sp);
	ct_call_request_tried(call, event, flags, object, arg, pc, sp);
}

void ct_call_request_tried(struct ct_call *call, uint16_t event, uint16_t flags, uint64_t object,
			   uint64_t arg, uintptr_t pc, uintptr_t sp)
{
	struct ct_recorder *r = ct_recorder_enter(CT_SIZE_ANY);
	uint64_t now;

	*call = (struct ct_call){
		.object = object, .arg = arg, .event = event, .flags = flags, .pending = true};
	if (!r)
		return;
	now = begin_wait(r, call, pc, sp);
	ct_call_write(r, now, event, (uint16_t)(call->flags | CT_F_REQUEST), call->stack, object,
		      arg);
	ct_recorder_leave(r);
}

void ct_call_request_bytes(struct ct_call *call, uint16_t event, uint16_t flags, uint64_t object,
			   uint64_t arg, const void *payload, size_t size, uintptr_t pc,
			   uintptr_t sp)
{
	struct ct_recorder *r = ct_recorder_enter(room_for(size));
	uint64_t now;

	*call = (struct ct_call){
		.object = object, .arg = arg, .event = event, .flags = flags, .pending = true};
	if (!r)
		return;
	now = begin_wait(r, call, pc, sp);
	write_bytes(r, now, event, (uint16_t)(flags | CT_F_REQUEST), call->stack, payload, size);
	ct_recorder_leave(r);
}

/* Whether a condition wait that returned this has its mutex again: all but a refusal. */
static bool wait_ended(int error)
{
	return error == 0 || error == ETIMEDOUT || error == EOWNERDEAD || error == ECANCELED;
}

static void write_completion(struct ct_recorder *r, const struct ct_call *call, int error)
{
	enum ct_effect effect = ct_event_effect(call->event);
	uint16_t flags = (uint16_t)(call->flags | CT_F_BLOCKED);
	uint64_t now = ct_clock_now();

	if (error == EOWNERDEAD)
		flags |= CT_F_OWNER_DEAD;
	if (effect == CT_EFFECT_WAIT) {
		if (wait_ended(error) || (call->gave_back && error != ENOTRECOVERABLE))
			ct_held_add(r->live, call->arg, now, call->stack, call->event);
		if (!wait_ended(error))
			write_failure(r, call->event, flags, call->stack, call->object, error);
		else
			ct_call_write(r, now, call->event,
				      (uint16_t)(flags | (error == ETIMEDOUT ? CT_F_TIMED_OUT : 0)),
				      call->stack, call->object, call->arg);
		return;
	}
	if (error && error != EOWNERDEAD) {
		write_failure(r, call->event, flags, call->stack, call->object, error);
		return;
	}
	if (ct_event_holds(call->event)) {
		ct_held_add(r->live, call->object, now, call->stack, call->event);
		ct_pages_mark(call->object);
	}
	ct_call_write(r, now, call->event, flags, call->stack, call->object, call->arg);
}

/* The live page says again what it said before the call. */
static void end_wait(struct ct_recorder *r, const struct ct_call *call)
{
	if (call->within)
		return;
	if (call->nested) {
		fill_page(r, &call->outer);
		r->live->epoch += 2;
	} else {
		r->live->epoch = (r->live->epoch + 1) & ~1u;
	}
}

/* The recorder with room for the completion; NULL: there is none, but the wait is over. */
static struct ct_recorder *enter_again(struct ct_call *call, size_t size)
{
	struct ct_recorder *r = ct_recorder_enter(size), *own;

	call->pending = false;
	if (r && call->shown) {
		end_wait(r, call);
	} else if (r) { /* what the request could not do */
		give_back(r, call);
	} else if (call->shown) {
		own = ct_guard_own(ct_self);
		if (own->live)
			end_wait(own, call);
	}
	return r;
}

void ct_call_complete(struct ct_call *call, int error)
{
	struct ct_recorder *r;
	int saved = errno;

	r = enter_again(call, CT_SIZE_ANY);
	if (!r)
		return;
	write_completion(r, call, error);
	ct_recorder_leave(r);
	errno = saved;
}

void ct_call_complete_bytes(struct ct_call *call, int error, const void *payload, size_t size)
{
	uint16_t flags = (uint16_t)(call->flags | CT_F_BLOCKED);
	struct ct_recorder *r;
	int saved = errno;

	r = enter_again(call, room_for(size));
	if (!r)
		return;
	if (error)
		write_failure(r, call->event, flags, call->stack, call->object, error);
	else
		write_bytes(r, ct_clock_now(), call->event, flags, call->stack, payload, size);
	ct_recorder_leave(r);
	errno = saved;
}

void ct_call_complete_with(struct ct_call *call, int error, uint64_t object, uint64_t arg)
{
	call->object = object;
	call->arg = arg;
	ct_call_complete(call, error);
}

void ct_call_abandon(struct ct_call *call)
{
	if (call->pending)
		ct_call_complete(call, ECANCELED);
}
