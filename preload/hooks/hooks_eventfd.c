/* Descriptors that count, tell time, or tell signals. */
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>

#include "hooks/call.h"
#include "hooks/fds.h"
#include "hooks/readable.h"
#include "hooks/real.h"
#include "hooks/transfer.h"
#include "record/process.h"
#include "sys/kernel.h"

static void made(int fd, uint64_t object, uintptr_t pc, uintptr_t sp)
{
	ct_fd_made(fd, (struct ct_fd){object, 3}, pc, sp);
}

static void made_eventfd(int fd, unsigned value, int flags, uintptr_t pc, uintptr_t sp)
{
	uint64_t object;

	if (!ct_state.session)
		return;
	object = ct_fd_eventfd(fd);
	made(fd, object, pc, sp);
	ct_call_event(CT_EV_EVENTFD, 0, object,
		      value | (flags & EFD_SEMAPHORE ? UINT64_C(1) << 32 : 0), pc, sp);
}

CT_EXPORT int eventfd(unsigned value, int flags)
{
	int fd = CT_REAL(eventfd)(value, flags);

	if (fd >= 0)
		made_eventfd(fd, value, flags, CT_CALLER);
	return fd;
}

/* libc reads and writes inside these, unseen. */
#define COUNTER(EVENT, name, params, args, value)                                                  \
	static __attribute__((noinline)) int name##_tracked params                                 \
	{                                                                                          \
		CT_CALL_SCOPE struct ct_call call;                                                 \
		int result;                                                                        \
		ct_transfer_request(&call, CT_EV_##EVENT, 0, fd, sizeof(eventfd_t), pc, sp);       \
		result = CT_REAL(name) args;                                                       \
		ct_transfer_complete(&call, result ? -1 : (ssize_t)sizeof(eventfd_t),              \
				     &(struct iovec){value, sizeof(eventfd_t)});                   \
		return result;                                                                     \
	}

COUNTER(READ, eventfd_read, (uintptr_t pc, uintptr_t sp, int fd, eventfd_t *value), (fd, value),
	value)
COUNTER(WRITE, eventfd_write, (uintptr_t pc, uintptr_t sp, int fd, eventfd_t value), (fd, value),
	&value)
#undef COUNTER

CT_EXPORT int eventfd_read(int fd, eventfd_t *value)
{
	if (ct_fd_tracked(fd))
		return eventfd_read_tracked(CT_CALLER, fd, value);
	return CT_REAL(eventfd_read)(fd, value);
}

CT_EXPORT int eventfd_write(int fd, eventfd_t value)
{
	if (ct_fd_tracked(fd))
		return eventfd_write_tracked(CT_CALLER, fd, value);
	return CT_REAL(eventfd_write)(fd, value);
}

CT_EXPORT int timerfd_create(clockid_t clock, int flags)
{
	int fd = CT_REAL(timerfd_create)(clock, flags);

	if (fd >= 0 && ct_state.session)
		made(fd, CT_KERNEL_KEY(CT_KERNEL_TIMERFD, ct_fd_number()), CT_CALLER);
	return fd;
}

/* From now to the first expiry of an armed one, whatever clock it is on: the kernel is asked. */
static uint64_t ns_left(int fd)
{
	struct itimerspec rest = {{0, 0}, {0, 0}};
	uint64_t ns = 0;

	if (CT_SYS(SYS_timerfd_gettime, fd, &rest, 0, 0, 0, 0) == 0)
		ns = ct_ns(rest.it_value.tv_sec, rest.it_value.tv_nsec);
	return ns ? ns : 1; /* it has expired already */
}

CT_EXPORT int timerfd_settime(int fd, int flags, const struct itimerspec *set,
			      struct itimerspec *old)
{
	/* before the call: `old` may be the same place */
	bool arms = ct_fd_tracked(fd) && set && ct_ns_readable(&set->it_value);
	int result = CT_REAL(timerfd_settime)(fd, flags, set, old);

	if (!ct_fd_tracked(fd))
		return result;
	if (result)
		ct_call_failed(CT_EV_TIMERFD_SETTIME, 0, ct_fd_get(fd).object, errno, CT_CALLER);
	else
		ct_call_event(CT_EV_TIMERFD_SETTIME, 0, ct_fd_get(fd).object,
			      arms ? ns_left(fd) : 0, CT_CALLER);
	return result;
}

static void set_signals(int before, int fd, const sigset_t *set, uintptr_t pc, uintptr_t sp)
{
	uint64_t mask;

	if (!ct_state.session)
		return;
	__builtin_memcpy(&mask, set, sizeof(mask));
	if (before == -1)
		made(fd, CT_KERNEL_KEY(CT_KERNEL_SIGNALFD, ct_fd_number()), pc, sp);
	if (ct_fd_tracked(fd))
		ct_call_event(CT_EV_SIGNALFD, 0, ct_fd_get(fd).object, mask, pc, sp);
}

CT_EXPORT int signalfd(int fd, const sigset_t *set, int flags)
{
	int result = CT_REAL(signalfd)(fd, set, flags);

	if (result >= 0)
		set_signals(fd, result, set, CT_CALLER);
	return result;
}
