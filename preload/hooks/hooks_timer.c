/*
 * Timers that end in a signal or a thread. Their event comes after the call, since only the kernel
 * can tell how far away an absolute time is on a timer's clock.
 */
#include <signal.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "hooks/call.h"
#include "hooks/readable.h"
#include "hooks/real.h"
#include "record/traps.h"

/* How it went. `ns`: to the first expiry, 0 disarmed; `interval`: to those that follow. */
static inline void armed(uint64_t timer, uint64_t ns, uint64_t interval, int error, uintptr_t pc,
			 uintptr_t sp)
{
	if (error)
		ct_call_failed(CT_EV_TIMER_SET, 0, timer, error, pc, sp);
	else
		ct_call_event(CT_EV_TIMER_SET, ns && interval ? CT_F_REPEATS : 0, timer, ns, pc,
			      sp);
}

/* Of an armed timer; 1 if it has expired already. */
static uint64_t ns_left(timer_t timer)
{
	struct itimerspec left;
	int saved = errno;
	uint64_t ns = 0;

	if (timer_gettime(timer, &left) == 0)
		ns = ct_ns(left.it_value.tv_sec, left.it_value.tv_nsec);
	errno = saved;
	return ns ? ns : 1;
}

/* The thread that libc makes for SIGEV_THREAD runs the program's code with all signals blocked. */
CT_EXPORT int timer_create(clockid_t clock, struct sigevent *event, timer_t *out)
{
	if (ct_traps && event && ct_readable(event, sizeof(*event)) &&
	    event->sigev_notify == SIGEV_THREAD)
		ct_traps->aside(CT_TRAP_SIGNAL);
	return CT_REAL(timer_create)(clock, event, out);
}

CT_EXPORT int timer_settime(timer_t timer, int flags, const struct itimerspec *time,
			    struct itimerspec *old)
{
	/* before the call: `old` may be the same place */
	uint64_t ns = time ? ct_ns_readable(&time->it_value) : 0;
	uint64_t interval = time ? ct_ns_readable(&time->it_interval) : 0;
	int result = CT_REAL(timer_settime)(timer, flags, time, old);

	if (result == 0 && ns && flags & TIMER_ABSTIME)
		ns = ns_left(timer);
	armed((uintptr_t)timer, ns, interval, ct_errno_of(result), CT_CALLER);
	return result;
}

/* Its number may be another's as soon as it is gone: the event comes before the call. */
CT_EXPORT int timer_delete(timer_t timer)
{
	int result;

	armed((uintptr_t)timer, 0, 0, 0, CT_CALLER);
	result = CT_REAL(timer_delete)(timer);
	if (result)
		armed((uintptr_t)timer, 0, 0, errno, CT_CALLER);
	return result;
}

CT_EXPORT int setitimer(__itimer_which_t which, const struct itimerval *time, struct itimerval *old)
{
	bool arms = time && ct_readable(time, sizeof(*time));
	uint64_t ns = arms ? ct_ns_timeval(&time->it_value) : 0;
	uint64_t interval = arms ? ct_ns_timeval(&time->it_interval) : 0;
	int result = CT_REAL(setitimer)(which, time, old);

	armed((uint64_t)which, ns, interval, ct_errno_of(result), CT_CALLER);
	return result;
}

CT_EXPORT unsigned alarm(unsigned seconds)
{
	unsigned left = CT_REAL(alarm)(seconds);

	armed(ITIMER_REAL, ct_ns(seconds, 0), 0, 0, CT_CALLER);
	return left;
}

CT_EXPORT useconds_t ualarm(useconds_t us, useconds_t interval)
{
	useconds_t left = CT_REAL(ualarm)(us, interval);

	armed(ITIMER_REAL, ct_ns(0, us * INT64_C(1000)), interval,
	      left == (useconds_t)-1 ? errno : 0, CT_CALLER);
	return left;
}
