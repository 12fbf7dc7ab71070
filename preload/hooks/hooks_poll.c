/*
 * poll and ppoll. The kernel is asked first without a wait: what is ready at once is a way in which
 * the waiting call can come out, and when nothing is, the program's array has been proven readable.
 * The signal mask goes with both calls, so each lets in the signals that the one call would have.
 * An array on the stack is looked at before: without tracked descriptors there is one call only.
 */
#include <poll.h>

#include "hooks/call.h"
#include "hooks/fds.h"
#include "hooks/poll_list.h"
#include "hooks/readable.h"
#include "hooks/real.h"
#include "hooks/sigtrap.h"

/* Declared where _FORTIFY_SOURCE is set only, or nowhere. */
int __poll(struct pollfd *fds, nfds_t count, int ms);
int __poll_chk(struct pollfd *fds, nfds_t count, int ms, size_t room);
int __ppoll_chk(struct pollfd *fds, nfds_t count, const struct timespec *time, const sigset_t *mask,
		size_t room);

#define MORE_THAN_EVER (1u << 24) /* descriptors that a process may have */

struct polled {
	struct pollfd *fds;
	nfds_t count;
	bool is_ppoll;
	int ms;			     /* poll's */
	const struct timespec *time; /* ppoll's */
	const sigset_t *mask;
	uint64_t limit; /* ns */
};

enum wait { NOW, AS_ASKED };

static inline int really_ppoll(const struct polled *p, const struct timespec *time)
{
	CT_SIGTRAP_WAIT wait;

	ct_sigtrap_wait_begin(&wait, p->mask);
	return CT_REAL(ppoll)(p->fds, p->count, time, wait.use);
}

static inline int really(const struct polled *p, enum wait wait)
{
	static const struct timespec now;

	if (p->is_ppoll)
		return really_ppoll(p, wait == NOW ? &now : p->time);
	return CT_REAL(poll)(p->fds, p->count, wait == NOW ? 0 : p->ms);
}

static inline bool any_tracked(const struct polled *p)
{
	for (nfds_t i = 0; i < p->count; i++)
		if (ct_fd_tracked(p->fds[i].fd))
			return true;
	return false;
}

static void list_wanted(const struct polled *p, struct ct_poll_list *list)
{
	ct_poll_list_clear(list);
	for (nfds_t i = 0; i < p->count; i++)
		if (ct_fd_tracked(p->fds[i].fd))
			ct_poll_list_add(list, p->fds[i].fd, (uint16_t)p->fds[i].events);
}

/* Of a call that returned `result`. */
static void list_ready(const struct polled *p, int result, struct ct_poll_list *list)
{
	ct_poll_list_clear(list);
	for (nfds_t i = 0; result > 0 && i < p->count; i++)
		if (p->fds[i].revents && ct_fd_tracked(p->fds[i].fd))
			ct_poll_list_add(list, p->fds[i].fd, (uint16_t)p->fds[i].revents);
}

static __attribute__((noinline)) int wait_tracked(const struct polled *p, uintptr_t pc,
						  uintptr_t sp)
{
	CT_CALL_SCOPE struct ct_call call;
	struct ct_poll_list list;
	int result;

	list_wanted(p, &list);
	ct_poll_begin(&call, CT_EV_POLL, &list, p->limit, pc, sp);
	result = really(p, AS_ASKED);
	list_ready(p, result, &list);
	return ct_poll_end(&call, &list, result, pc, sp);
}

/* It did not wait. */
static __attribute__((noinline)) int tell(const struct polled *p, int result, uintptr_t pc,
					  uintptr_t sp)
{
	struct ct_call call = {.event = CT_EV_POLL, .flags = ct_poll_flags(p->limit)};
	struct ct_poll_list list;

	list_ready(p, result, &list);
	return ct_poll_end(&call, &list, result, pc, sp);
}

/* Without descriptors. */
static __attribute__((noinline)) int asleep(const struct polled *p, uintptr_t pc, uintptr_t sp)
{
	CT_CALL_SCOPE struct ct_call call;
	int result;

	ct_call_request(&call, CT_EV_SLEEP, ct_poll_flags(p->limit), 0, p->limit, pc, sp);
	result = really(p, AS_ASKED);
	ct_call_complete(&call, ct_errno_of(result));
	return result;
}

static inline int polled(const struct polled *p, uintptr_t pc, uintptr_t sp)
{
	int result;

	if (!p->count)
		return p->limit ? asleep(p, pc, sp) : really(p, AS_ASKED);
	if (!ct_fd_end() || p->count > MORE_THAN_EVER)
		return really(p, AS_ASKED);
	if (ct_on_stack(p->fds, p->count * sizeof(*p->fds)) && !any_tracked(p))
		return really(p, AS_ASKED);
	result = really(p, NOW);
	if (result == -1 && errno != EINTR) /* who knows what the pointer is */
		return result;
	if (result == 0 && p->limit)
		return any_tracked(p) ? wait_tracked(p, pc, sp) : really(p, AS_ASKED);
	return any_tracked(p) ? tell(p, result, pc, sp) : result;
}

static inline uint64_t limit_of_ms(int ms)
{
	return ms < 0 ? CT_NO_LIMIT : ct_ns(0, ms * INT64_C(1000000));
}

CT_EXPORT int poll(struct pollfd *fds, nfds_t count, int ms)
{
	struct polled p = {.fds = fds, .count = count, .ms = ms, .limit = limit_of_ms(ms)};

	return polled(&p, CT_CALLER);
}

CT_EXPORT int __poll(struct pollfd *fds, nfds_t count, int ms)
{
	struct polled p = {.fds = fds, .count = count, .ms = ms, .limit = limit_of_ms(ms)};

	return polled(&p, CT_CALLER);
}

CT_EXPORT int __poll_chk(struct pollfd *fds, nfds_t count, int ms, size_t room)
{
	struct polled p = {.fds = fds, .count = count, .ms = ms, .limit = limit_of_ms(ms)};

	if (room / sizeof(*fds) < count) /* ends the program */
		return CT_REAL(__poll_chk)(fds, count, ms, room);
	return polled(&p, CT_CALLER);
}

/* libc reads *time itself. One that the kernel refuses must not be hidden by a first call. */
static inline bool is_valid(const struct timespec *time)
{
	return !time || (time->tv_sec >= 0 && time->tv_nsec >= 0 && time->tv_nsec < 1000000000);
}

static inline struct polled ppolled(struct pollfd *fds, nfds_t count, const struct timespec *time,
				    const sigset_t *mask)
{
	return (struct polled){.fds = fds,
			       .count = count,
			       .is_ppoll = true,
			       .time = time,
			       .mask = mask,
			       .limit = time ? ct_ns(time->tv_sec, time->tv_nsec) : CT_NO_LIMIT};
}

CT_EXPORT int ppoll(struct pollfd *fds, nfds_t count, const struct timespec *time,
		    const sigset_t *mask)
{
	struct polled p;

	if (!is_valid(time))
		return CT_REAL(ppoll)(fds, count, time, mask);
	p = ppolled(fds, count, time, mask);
	return polled(&p, CT_CALLER);
}

CT_EXPORT int __ppoll_chk(struct pollfd *fds, nfds_t count, const struct timespec *time,
			  const sigset_t *mask, size_t room)
{
	struct polled p;

	if (room / sizeof(*fds) < count || !is_valid(time))
		return CT_REAL(__ppoll_chk)(fds, count, time, mask, room);
	p = ppolled(fds, count, time, mask);
	return polled(&p, CT_CALLER);
}
