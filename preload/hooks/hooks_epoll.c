/* epoll. Its waits need no look at the program's memory; what it waits for was said by epoll_ctl.
 */
#include <sys/epoll.h>

#include "hooks/call.h"
#include "hooks/fds.h"
#include "hooks/poll_list.h"
#include "hooks/readable.h"
#include "hooks/real.h"
#include "hooks/sigtrap.h"
#include "record/process.h"

static int made(int fd, uintptr_t pc, uintptr_t sp)
{
	if (fd >= 0 && ct_state.session)
		ct_fd_made(fd, (struct ct_fd){CT_KERNEL_KEY(CT_KERNEL_EPOLL, ct_fd_number()), 3},
			   pc, sp);
	return fd;
}

CT_EXPORT int epoll_create(int size)
{
	return made(CT_REAL(epoll_create)(size), CT_CALLER);
}

CT_EXPORT int epoll_create1(int flags)
{
	return made(CT_REAL(epoll_create1)(flags), CT_CALLER);
}

/* After the call: then the kernel has read *event, or it is not looked at. */
static void set(int epoll, int operation, int fd, const struct epoll_event *event, int result,
		uintptr_t pc, uintptr_t sp)
{
	struct ct_fd watch = ct_fd_get(epoll);
	struct ct_poll_list list;
	uint16_t wanted = 0;

	if (result) {
		ct_call_failed(CT_EV_EPOLL_CTL, 0, watch.object, errno, pc, sp);
		return;
	}
	if (operation == EPOLL_CTL_ADD || operation == EPOLL_CTL_MOD)
		wanted = (uint16_t)event->events;
	ct_poll_list_clear(&list);
	ct_poll_list_add(&list, fd, wanted);
	list.head.object = watch.object;
	list.head.arg = (uint64_t)operation;
	ct_call_event_bytes(CT_EV_EPOLL_CTL, 0, &list, ct_poll_list_size(&list), pc, sp);
}

CT_EXPORT int epoll_ctl(int epoll, int operation, int fd, struct epoll_event *event)
{
	int result = CT_REAL(epoll_ctl)(epoll, operation, fd, event);

	set(epoll, operation, fd, event, result, CT_CALLER);
	return result;
}

static void begin(struct ct_call *call, int epoll, uint64_t limit, uintptr_t pc, uintptr_t sp)
{
	uint16_t flags = ct_poll_flags(limit);
	uint64_t object = ct_fd_get(epoll).object;

	*call = (struct ct_call){.object = object, .event = CT_EV_EPOLL_WAIT, .flags = flags};
	if (limit)
		ct_call_request(call, CT_EV_EPOLL_WAIT, flags, object, limit, pc, sp);
}

static int end(struct ct_call *call, int result, uintptr_t pc, uintptr_t sp)
{
	if (call->pending)
		ct_call_complete_with(call, ct_errno_of(result), call->object, (uint64_t)result);
	else if (result < 0)
		ct_call_failed(call->event, call->flags, call->object, errno, pc, sp);
	else
		ct_call_event(call->event, call->flags, call->object, (uint64_t)result, pc, sp);
	return result;
}

static inline uint64_t limit_of_ms(int ms)
{
	return ms < 0 ? CT_NO_LIMIT : ct_ns(0, ms * INT64_C(1000000));
}

CT_EXPORT int epoll_wait(int epoll, struct epoll_event *events, int room, int ms)
{
	CT_CALL_SCOPE struct ct_call call;

	begin(&call, epoll, limit_of_ms(ms), CT_CALLER);
	return end(&call, CT_REAL(epoll_wait)(epoll, events, room, ms), CT_CALLER);
}

CT_EXPORT int epoll_pwait(int epoll, struct epoll_event *events, int room, int ms,
			  const sigset_t *mask)
{
	CT_CALL_SCOPE struct ct_call call;
	CT_SIGTRAP_WAIT wait;

	begin(&call, epoll, limit_of_ms(ms), CT_CALLER);
	ct_sigtrap_wait_begin(&wait, mask);
	return end(&call, CT_REAL(epoll_pwait)(epoll, events, room, ms, wait.use), CT_CALLER);
}

CT_EXPORT int epoll_pwait2(int epoll, struct epoll_event *events, int room,
			   const struct timespec *time, const sigset_t *mask)
{
	CT_CALL_SCOPE struct ct_call call;
	CT_SIGTRAP_WAIT wait;

	begin(&call, epoll, time ? ct_ns_readable(time) : CT_NO_LIMIT, CT_CALLER);
	ct_sigtrap_wait_begin(&wait, mask);
	return end(&call, CT_REAL(epoll_pwait2)(epoll, events, room, time, wait.use), CT_CALLER);
}
