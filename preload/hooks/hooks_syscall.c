/*
 * System calls that the program makes by syscall(). Futex calls: what languages and libraries build
 * locks of that are not libc's (Rust's std, C++20's atomic wait). What kind of lock it is, they do
 * not say: the object is an address. Those that a program with traps must not make as they are. All
 * others pass in syscall.S.
 */
#include <errno.h>
#include <linux/futex.h>
#include <sys/syscall.h>

#include "hooks/call.h"
#include "hooks/readable.h"
#include "hooks/real.h"
#include "hooks/sigtrap.h"
#include "record/traps.h"
#include "sys/kernel.h"

/* For syscall.S: libc's syscall, NULL before the first call. */
long (*ct_syscall_real)(long number, ...);
void ct_syscall_resolve(void);
long ct_syscall_futex(long number, long address, long operation, long value, long timeout,
		      long second, long third);
long ct_syscall_seccomp(long number, long operation, long flags, long arguments, long d, long e,
			long f);

long ct_syscall_mask(long number, long how, long set, long old, long size, long e, long f);
long ct_syscall_action(long number, long signal, long action, long old, long size, long e, long f);

void ct_syscall_resolve(void)
{
	ct_syscall_real = &CT_REAL(syscall);
}

/* The arguments of a system call, in their order. */
struct arguments {
	long number, at[6];
};

static long make(const struct arguments *a)
{
	return CT_REAL(syscall)(a->number, a->at[0], a->at[1], a->at[2], a->at[3], a->at[4],
				a->at[5]);
}

static long wait_here(const struct arguments *a, uint64_t expected, uintptr_t pc, uintptr_t sp)
{
	CT_CALL_SCOPE struct ct_call call;
	long result;

	ct_call_request(&call, CT_EV_FUTEX_WAIT, a->at[3] ? CT_F_TIMED : 0, (uintptr_t)a->at[0],
			expected, pc, sp);
	ct_pages_mark((uintptr_t)a->at[0]);
	result = make(a);
	ct_call_complete(&call, ct_errno_of(result));
	return result;
}

/* `more`: of a call that wakes at two addresses, how many at the second, else 0. */
static long wake(const struct arguments *a, uint64_t more, uintptr_t pc, uintptr_t sp)
{
	long result;

	ct_call_event(CT_EV_FUTEX_WAKE, 0, (uintptr_t)a->at[0], (uint32_t)a->at[2], pc, sp);
	if (more)
		ct_call_event(CT_EV_FUTEX_WAKE, 0, (uintptr_t)a->at[4], more, pc, sp);
	result = make(a);
	if (result == -1)
		ct_call_failed(CT_EV_FUTEX_WAKE, 0, (uintptr_t)a->at[0], errno, pc, sp);
	return result;
}

/* Entries of futex_waitv's list. The first stands for all until it is known which one woke it. */
static struct futex_waitv entry(const struct arguments *a, long index)
{
	uintptr_t at = (uintptr_t)a->at[0] + (unsigned long)index * sizeof(struct futex_waitv);
	struct futex_waitv found = {0};

	if (ct_sys_readable(at) && ct_sys_readable(at + sizeof(found) - 1))
		__builtin_memcpy(&found, (const void *)at, sizeof(found));
	return found;
}

static long wait_for_any(const struct arguments *a, uintptr_t pc, uintptr_t sp)
{
	CT_CALL_SCOPE struct ct_call call;
	struct futex_waitv woken = entry(a, 0);
	long result;

	ct_call_request(&call, CT_EV_FUTEX_WAIT, a->at[3] ? CT_F_TIMED : 0, woken.uaddr, woken.val,
			pc, sp);
	result = make(a);
	if (result > 0)
		woken = entry(a, result);
	ct_pages_mark(woken.uaddr);
	ct_call_complete_with(&call, ct_errno_of(result), woken.uaddr, woken.val);
	return result;
}

long ct_syscall_futex(long number, long address, long operation, long value, long timeout,
		      long second, long third)
{
	struct arguments a = {number, {address, operation, value, timeout, second, third}};

	if (number == SYS_futex_waitv)
		return wait_for_any(&a, CT_CALLER);
	switch (operation & FUTEX_CMD_MASK) {
	case FUTEX_WAIT:
	case FUTEX_WAIT_BITSET:
	case FUTEX_WAIT_REQUEUE_PI:
		return wait_here(&a, (uint32_t)value, CT_CALLER);
	case FUTEX_LOCK_PI:
	case FUTEX_LOCK_PI2:
		return wait_here(&a, 0, CT_CALLER);
	case FUTEX_WAKE_OP:
		return wake(&a, (uint32_t)timeout, CT_CALLER);
	case FUTEX_WAKE:
	case FUTEX_WAKE_BITSET:
	case FUTEX_REQUEUE:
	case FUTEX_CMP_REQUEUE:
	case FUTEX_CMP_REQUEUE_PI:
	case FUTEX_UNLOCK_PI:
		return wake(&a, 0, CT_CALLER);
	default:
		return make(&a);
	}
}

/* What the program allows itself from then on may not be enough for traps. */
long ct_syscall_seccomp(long number, long operation, long flags, long arguments, long d, long e,
			long f)
{
	struct arguments a = {number, {operation, flags, arguments, d, e, f}};

	if (ct_traps)
		ct_traps->aside(CT_TRAP_SECCOMP);
	return make(&a);
}

static int change_mask(int how, const sigset_t *set, sigset_t *old)
{
	return (int)CT_REAL(syscall)(SYS_rt_sigprocmask, how, set, old, sizeof(uint64_t));
}

/* SIGTRAP is not the kernel's in a program with traps. */
long ct_syscall_mask(long number, long how, long set, long old, long size, long e, long f)
{
	struct arguments a = {number, {how, set, old, size, e, f}};
	sigset_t *mask = (sigset_t *)(uintptr_t)set;

	if (!ct_sigtrap_ours() || size != sizeof(uint64_t) ||
	    (mask && !ct_readable(mask, sizeof(uint64_t))))
		return make(&a);
	return ct_sigtrap_change(change_mask, (int)how, mask, (sigset_t *)(uintptr_t)old);
}

/* Of SIGTRAP, which is asked for or set. */
static long act_on_sigtrap(const struct ct_kernel_action *wanted, struct ct_kernel_action *out_old)
{
	struct sigaction action = {0}, old = {0};

	if (wanted) {
		action.sa_handler = wanted->handler;
		action.sa_flags = (int)wanted->flags;
		__builtin_memcpy(&action.sa_mask, &wanted->mask, sizeof(wanted->mask));
	}
	ct_sigtrap_action(wanted ? &action : NULL, &old);
	if (out_old) {
		*out_old = (struct ct_kernel_action){old.sa_handler, (unsigned)old.sa_flags,
						     old.sa_restorer, 0};
		__builtin_memcpy(&out_old->mask, &old.sa_mask, sizeof(out_old->mask));
	}
	return 0;
}

/* Handlers of other signals must not block it. */
long ct_syscall_action(long number, long signal, long action, long old, long size, long e, long f)
{
	struct arguments a = {number, {signal, action, old, size, e, f}};
	struct ct_kernel_action *wanted = (void *)(uintptr_t)action, ours;

	if (!ct_sigtrap_ours() || size != sizeof(ours.mask) ||
	    (wanted && !ct_readable(wanted, sizeof(*wanted))))
		return make(&a);
	if (signal == SIGTRAP)
		return act_on_sigtrap(wanted, (void *)(uintptr_t)old);
	if (!wanted)
		return make(&a);
	ours = *wanted;
	ours.mask &= ~CT_SIGTRAP_BIT;
	a.at[1] = (long)(uintptr_t)&ours;
	return make(&a);
}
