/* Sleeping, and giving way to others. */
#include <sched.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>

#include "hooks/call.h"
#include "hooks/readable.h"
#include "hooks/real.h"
#include "sys/kernel.h"

int __nanosleep(const struct timespec *time, struct timespec *left);
int __sched_yield(void);
/* The header makes its name another one for sched_yield. */
int ct_pthread_yield(void) __asm__("pthread_yield");

static void begin(struct ct_call *call, uint64_t ns, uintptr_t pc, uintptr_t sp)
{
	ct_call_request(call, CT_EV_SLEEP, CT_F_TIMED, 0, ns, pc, sp);
}

CT_EXPORT int nanosleep(const struct timespec *time, struct timespec *left)
{
	CT_CALL_SCOPE struct ct_call call;
	int result;

	begin(&call, ct_ns_readable(time), CT_CALLER);
	result = CT_REAL(nanosleep)(time, left);
	ct_call_complete(&call, ct_errno_of(result));
	return result;
}

CT_EXPORT int __nanosleep(const struct timespec *time, struct timespec *left)
{
	CT_CALL_SCOPE struct ct_call call;
	int result;

	begin(&call, ct_ns_readable(time), CT_CALLER);
	result = CT_REAL(__nanosleep)(time, left);
	ct_call_complete(&call, ct_errno_of(result));
	return result;
}

/* From now on to a time on a clock; 0 if that is over, or there is no such clock. */
static uint64_t ns_until(clockid_t clock, const struct timespec *time)
{
	struct timespec now = {0, 0};
	uint64_t until = ct_ns_readable(time), passed = CT_NO_LIMIT;

	/* not through the vdso: the program may have forbidden the instruction that it reads */
	if (CT_SYS(SYS_clock_gettime, clock, &now, 0, 0, 0, 0) == 0)
		passed = ct_ns(now.tv_sec, now.tv_nsec);
	return until > passed ? until - passed : 0;
}

CT_EXPORT int clock_nanosleep(clockid_t clock, int flags, const struct timespec *time,
			      struct timespec *left)
{
	CT_CALL_SCOPE struct ct_call call;
	int error;

	begin(&call, flags & TIMER_ABSTIME ? ns_until(clock, time) : ct_ns_readable(time),
	      CT_CALLER);
	error = CT_REAL(clock_nanosleep)(clock, flags, time, left);
	ct_call_complete(&call, error);
	return error;
}

/* It returns 0 also if it was interrupted in its last second. */
CT_EXPORT unsigned sleep(unsigned seconds)
{
	CT_CALL_SCOPE struct ct_call call;
	int before = errno;
	unsigned left;

	begin(&call, ct_ns(seconds, 0), CT_CALLER);
	left = CT_REAL(sleep)(seconds);
	ct_call_complete(&call, left || (errno == EINTR && before != EINTR) ? EINTR : 0);
	return left;
}

CT_EXPORT int usleep(useconds_t us)
{
	CT_CALL_SCOPE struct ct_call call;
	int result;

	begin(&call, ct_ns(0, us * INT64_C(1000)), CT_CALLER);
	result = CT_REAL(usleep)(us);
	ct_call_complete(&call, ct_errno_of(result));
	return result;
}

CT_EXPORT int thrd_sleep(const struct timespec *time, struct timespec *left)
{
	CT_CALL_SCOPE struct ct_call call;
	int result;

	begin(&call, ct_ns_readable(time), CT_CALLER);
	result = CT_REAL(thrd_sleep)(time, left);
	ct_call_complete(&call, result == 0 ? 0 : result == -1 ? EINTR : EINVAL);
	return result;
}

/* Loops of nothing but this leave one record, which counts. */
static void gives_way(uintptr_t pc, uintptr_t sp)
{
	struct ct_recorder *r = ct_recorder_enter(CT_SIZE_ANY);
	struct ct_record_head *last;
	uint32_t stack;

	if (!r)
		return;
	stack = ct_stack_id(r, pc, sp);
	last = (struct ct_record_head *)(r->cur - CT_SIZE_OBJ_ARG);
	if (r->cur == r->yielded && last->stack == stack) {
		((struct ct_payload_obj_arg *)(last + 1))->arg++;
	} else {
		ct_record_obj_arg(r, ct_clock_now(), CT_EV_YIELD, 0, stack, 0, 1);
		r->yielded = r->cur;
	}
	ct_recorder_leave(r);
}

CT_EXPORT int sched_yield(void)
{
	gives_way(CT_CALLER);
	return CT_REAL(sched_yield)();
}

CT_EXPORT int __sched_yield(void)
{
	gives_way(CT_CALLER);
	return CT_REAL(__sched_yield)();
}

CT_EXPORT int ct_pthread_yield(void)
{
	gives_way(CT_CALLER);
	return CT_REAL(sched_yield)();
}

CT_EXPORT void thrd_yield(void)
{
	gives_way(CT_CALLER);
	CT_REAL(thrd_yield)();
}
