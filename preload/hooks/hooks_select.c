/*
 * select and pselect. What is waited for is read before the call, since the kernel writes what is
 * ready over it: only sets that can be read, and only up to the highest tracked descriptor, which
 * is open, so the kernel reads as far.
 */
#include <poll.h>
#include <sys/select.h>

#include "hooks/call.h"
#include "hooks/fds.h"
#include "hooks/poll_list.h"
#include "hooks/readable.h"
#include "hooks/real.h"
#include "hooks/sigtrap.h"

#define WORD_BITS 64u

int __select(int nfds, fd_set *in, fd_set *out, fd_set *except, struct timeval *time);

struct selected {
	int nfds;
	fd_set *in, *out, *except;
	bool is_pselect;
	struct timeval *left;	     /* select's, where Linux puts what is left */
	const struct timespec *time; /* pselect's */
	const sigset_t *mask;
	uint64_t limit; /* ns */
	unsigned end;	/* no tracked descriptor of the sets is as high */
};

static inline int really_pselect(const struct selected *s)
{
	CT_SIGTRAP_WAIT wait;

	ct_sigtrap_wait_begin(&wait, s->mask);
	return CT_REAL(pselect)(s->nfds, s->in, s->out, s->except, s->time, wait.use);
}

static inline int really(const struct selected *s)
{
	if (s->is_pselect)
		return really_pselect(s);
	return CT_REAL(select)(s->nfds, s->in, s->out, s->except, s->left);
}

static inline uint64_t word(const fd_set *set, unsigned at)
{
	return set ? ((const uint64_t *)set)[at] : 0;
}

/* The first tracked descriptor of the sets from `fd` on, else s->end or one above. */
static inline unsigned next_tracked(const struct selected *s, unsigned fd)
{
	uint64_t mask = ~UINT64_C(0) << fd % WORD_BITS;

	for (unsigned at = fd / WORD_BITS; at * WORD_BITS < s->end; at++, mask = ~UINT64_C(0)) {
		uint64_t bits = (word(s->in, at) | word(s->out, at) | word(s->except, at)) & mask;

		for (; bits; bits &= bits - 1) {
			fd = at * WORD_BITS + (unsigned)__builtin_ctzll(bits);
			if (ct_fd_tracked((int)fd))
				return fd;
		}
	}
	return s->end;
}

static bool is_in(const fd_set *set, unsigned fd)
{
	return word(set, fd / WORD_BITS) >> fd % WORD_BITS & 1;
}

static void list_sets(const struct selected *s, struct ct_poll_list *list)
{
	ct_poll_list_clear(list);
	for (unsigned fd = next_tracked(s, 0); fd < s->end; fd = next_tracked(s, fd + 1))
		ct_poll_list_add(list, (int)fd,
				 (uint16_t)(is_in(s->in, fd) * POLLIN |
					    is_in(s->out, fd) * POLLOUT |
					    is_in(s->except, fd) * POLLPRI));
}

static inline bool can_read(const struct selected *s, const fd_set *set)
{
	size_t size = (s->end + WORD_BITS - 1) / WORD_BITS * sizeof(uint64_t);

	return !set || ct_on_stack(set, size) || ct_readable(set, size);
}

static __attribute__((noinline)) int wait_tracked(const struct selected *s, uintptr_t pc,
						  uintptr_t sp)
{
	CT_CALL_SCOPE struct ct_call call;
	struct ct_poll_list list;
	int result;

	list_sets(s, &list);
	ct_poll_begin(&call, CT_EV_SELECT, &list, s->limit, pc, sp);
	result = really(s);
	if (result > 0)
		list_sets(s, &list);
	else
		ct_poll_list_clear(&list);
	return ct_poll_end(&call, &list, result, pc, sp);
}

/* Without descriptors. */
static __attribute__((noinline)) int asleep(const struct selected *s, uintptr_t pc, uintptr_t sp)
{
	CT_CALL_SCOPE struct ct_call call;
	int result;

	ct_call_request(&call, CT_EV_SLEEP, ct_poll_flags(s->limit), 0, s->limit, pc, sp);
	result = really(s);
	ct_call_complete(&call, ct_errno_of(result));
	return result;
}

static inline int selected(struct selected *s, uintptr_t pc, uintptr_t sp)
{
	if (s->nfds == 0 || (s->nfds > 0 && !s->in && !s->out && !s->except))
		return s->limit ? asleep(s, pc, sp) : really(s);
	if (s->nfds < 0)
		return really(s);
	s->end = ct_fd_end();
	if ((unsigned)s->nfds < s->end)
		s->end = (unsigned)s->nfds;
	if (!s->end || !can_read(s, s->in) || !can_read(s, s->out) || !can_read(s, s->except))
		return really(s);
	return next_tracked(s, 0) < s->end ? wait_tracked(s, pc, sp) : really(s);
}

/* libc reads *left and *time itself. */
static inline struct selected by_select(int nfds, fd_set *in, fd_set *out, fd_set *except,
					struct timeval *left)
{
	return (struct selected){.nfds = nfds,
				 .in = in,
				 .out = out,
				 .except = except,
				 .left = left,
				 .limit = left ? ct_ns_timeval(left) : CT_NO_LIMIT};
}

CT_EXPORT int select(int nfds, fd_set *in, fd_set *out, fd_set *except, struct timeval *left)
{
	struct selected s = by_select(nfds, in, out, except, left);

	return selected(&s, CT_CALLER);
}

CT_EXPORT int __select(int nfds, fd_set *in, fd_set *out, fd_set *except, struct timeval *left)
{
	struct selected s = by_select(nfds, in, out, except, left);

	return selected(&s, CT_CALLER);
}

CT_EXPORT int pselect(int nfds, fd_set *in, fd_set *out, fd_set *except,
		      const struct timespec *time, const sigset_t *mask)
{
	struct selected s = {.nfds = nfds,
			     .in = in,
			     .out = out,
			     .except = except,
			     .is_pselect = true,
			     .time = time,
			     .mask = mask,
			     .limit = time ? ct_ns(time->tv_sec, time->tv_nsec) : CT_NO_LIMIT};

	return selected(&s, CT_CALLER);
}
