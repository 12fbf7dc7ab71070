/*
 * Signals: waiting for them and sending them. What libc's functions return is the error number of
 * those that return one, and errno of the others.
 */
#include "hooks/call.h"
#include "hooks/handler.h"
#include "hooks/real.h"
#include "hooks/sigtrap.h"
#include "sys/kernel.h"

/* Exported, but not declared to all programs. <signal.h> gives the name of the first to
 * __xpg_sigpause. */
int bsd_sigpause(int mask) __asm__("sigpause");
int __sigpause(int mask_or_signal, int one);
int __xpg_sigpause(int signal);
int __sigsuspend(const sigset_t *mask);

/* The 64 signals of a set; 0 if it cannot be read, of which the real call will tell the program. */
static uint64_t mask_of(const sigset_t *set)
{
	uintptr_t address = (uintptr_t)set;
	uint64_t mask = 0;

	if (ct_sys_readable(address) && ct_sys_readable(address + sizeof(mask) - 1))
		__builtin_memcpy(&mask, set, sizeof(mask));
	return mask;
}

static uint64_t own_mask(void)
{
	uint64_t mask = 0;

	CT_SYS(SYS_rt_sigprocmask, SIG_BLOCK, NULL, &mask, sizeof(mask), 0, 0);
	return mask;
}

static void waited(struct ct_call *call, int result, const siginfo_t *info)
{
	if (result > 0)
		ct_call_complete_with(call, 0, (uint64_t)result, ct_signal_sender(info));
	else
		ct_call_complete(call, ct_errno_of(result));
}

/* SIGTRAP is to be waited for, which the kernel does not keep in a program with traps. */
static bool is_for_sigtrap(const sigset_t *set)
{
	return ct_sigtrap_ours() && mask_of(set) & CT_SIGTRAP_BIT;
}

static int wait_for(const sigset_t *set, siginfo_t *info)
{
	if (is_for_sigtrap(set))
		return ct_sigtrap_timedwait(set, info, NULL);
	return CT_REAL(sigwaitinfo)(set, info);
}

/* libc's own is this loop, too, but does not say who sent the signal. */
CT_EXPORT int sigwait(const sigset_t *set, int *signal)
{
	CT_CALL_SCOPE struct ct_call call;
	siginfo_t info;
	int result;

	ct_call_request(&call, CT_EV_SIGWAIT, 0, 0, mask_of(set), CT_CALLER);
	do
		result = wait_for(set, &info);
	while (result < 0 && errno == EINTR);
	waited(&call, result, &info);
	if (result < 0)
		return errno;
	*signal = result;
	return 0;
}

CT_EXPORT int sigwaitinfo(const sigset_t *set, siginfo_t *info)
{
	CT_CALL_SCOPE struct ct_call call;
	siginfo_t unwanted;
	int result;

	if (!info)
		info = &unwanted;
	ct_call_request(&call, CT_EV_SIGWAIT, 0, 0, mask_of(set), CT_CALLER);
	result = wait_for(set, info);
	waited(&call, result, info);
	return result;
}

CT_EXPORT int sigtimedwait(const sigset_t *set, siginfo_t *info, const struct timespec *limit)
{
	CT_CALL_SCOPE struct ct_call call;
	siginfo_t unwanted;
	int result;

	if (!info)
		info = &unwanted;
	ct_call_request(&call, CT_EV_SIGWAIT, limit ? CT_F_TIMED : 0, 0, mask_of(set), CT_CALLER);
	if (is_for_sigtrap(set))
		result = ct_sigtrap_timedwait(set, info, limit);
	else
		result = CT_REAL(sigtimedwait)(set, info, limit);
	waited(&call, result, info);
	return result;
}

/* A wait for a handler always returns -1; EINTR says that one has run. */
static void handled(struct ct_call *call)
{
	ct_call_complete(call, errno == EINTR ? 0 : errno);
}

CT_EXPORT int pause(void)
{
	CT_CALL_SCOPE struct ct_call call;
	int result;

	ct_call_request(&call, CT_EV_PAUSE, 0, 0, 0, CT_CALLER);
	result = CT_REAL(pause)();
	handled(&call);
	return result;
}

CT_EXPORT int sigsuspend(const sigset_t *mask)
{
	CT_CALL_SCOPE struct ct_call call;
	CT_SIGTRAP_WAIT wait;
	int result;

	ct_call_request(&call, CT_EV_SIGSUSPEND, 0, 0, mask_of(mask), CT_CALLER);
	ct_sigtrap_wait_begin(&wait, mask);
	result = CT_REAL(sigsuspend)(wait.use);
	handled(&call);
	return result;
}

CT_EXPORT int __sigsuspend(const sigset_t *mask)
{
	CT_CALL_SCOPE struct ct_call call;
	CT_SIGTRAP_WAIT wait;
	int result;

	ct_call_request(&call, CT_EV_SIGSUSPEND, 0, 0, mask_of(mask), CT_CALLER);
	ct_sigtrap_wait_begin(&wait, mask);
	result = CT_REAL(__sigsuspend)(wait.use);
	handled(&call);
	return result;
}

static bool is_signal(int signal)
{
	return signal > 0 && signal < _NSIG;
}

/* What stays blocked of the present mask while a sigpause waits for `signal`. */
static uint64_t mask_without(int signal)
{
	uint64_t trap = ct_sigtrap_ours() && ct_sigtrap_blocked() ? CT_SIGTRAP_BIT : 0;

	return (own_mask() | trap) & ~(is_signal(signal) ? UINT64_C(1) << (signal - 1) : 0);
}

/* A sigpause in a program with traps. */
static int suspend(uint64_t mask)
{
	CT_SIGTRAP_WAIT wait;
	sigset_t set;

	sigemptyset(&set);
	__builtin_memcpy(&set, &mask, sizeof(mask));
	ct_sigtrap_wait_begin(&wait, &set);
	return CT_REAL(sigsuspend)(wait.use);
}

CT_EXPORT int bsd_sigpause(int mask)
{
	CT_CALL_SCOPE struct ct_call call;
	int result;

	ct_call_request(&call, CT_EV_SIGSUSPEND, 0, 0, (unsigned)mask, CT_CALLER);
	if (ct_sigtrap_ours())
		result = suspend((unsigned)mask);
	else
		result = CT_REAL(sigpause)(mask);
	handled(&call);
	return result;
}

CT_EXPORT int __xpg_sigpause(int signal)
{
	CT_CALL_SCOPE struct ct_call call;
	uint64_t mask = mask_without(signal);
	int result;

	ct_call_request(&call, CT_EV_SIGSUSPEND, 0, 0, mask, CT_CALLER);
	if (ct_sigtrap_ours() && is_signal(signal))
		result = suspend(mask);
	else
		result = CT_REAL(__xpg_sigpause)(signal);
	handled(&call);
	return result;
}

CT_EXPORT int __sigpause(int mask_or_signal, int one)
{
	CT_CALL_SCOPE struct ct_call call;
	uint64_t mask = one ? mask_without(mask_or_signal) : (unsigned)mask_or_signal;
	int result;

	ct_call_request(&call, CT_EV_SIGSUSPEND, 0, 0, mask, CT_CALLER);
	if (ct_sigtrap_ours() && (!one || is_signal(mask_or_signal)))
		result = suspend(mask);
	else
		result = CT_REAL(__sigpause)(mask_or_signal, one);
	handled(&call);
	return result;
}

/* Signal 0 only asks whether the target is there: nothing is sent. */
static inline void sends(uint16_t event, uint64_t target, int signal, uintptr_t pc, uintptr_t sp)
{
	if (signal)
		ct_call_event(event, 0, target, (unsigned)signal, pc, sp);
}

static inline void sent(uint16_t event, uint64_t target, int signal, int error, uintptr_t pc,
			uintptr_t sp)
{
	if (CT_UNLIKELY(error) && signal)
		ct_call_failed(event, 0, target, error, pc, sp);
}

CT_EXPORT int kill(pid_t pid, int signal)
{
	int result;

	sends(CT_EV_KILL, (uint64_t)pid, signal, CT_CALLER);
	result = CT_REAL(kill)(pid, signal);
	sent(CT_EV_KILL, (uint64_t)pid, signal, ct_errno_of(result), CT_CALLER);
	return result;
}

/* The same as kill() of the negative number. */
CT_EXPORT int killpg(pid_t group, int signal)
{
	int result;

	sends(CT_EV_KILL, -(uint64_t)group, signal, CT_CALLER);
	result = CT_REAL(killpg)(group, signal);
	sent(CT_EV_KILL, -(uint64_t)group, signal, ct_errno_of(result), CT_CALLER);
	return result;
}

CT_EXPORT int sigqueue(pid_t pid, int signal, const union sigval value)
{
	int result;

	sends(CT_EV_KILL, (uint64_t)pid, signal, CT_CALLER);
	result = CT_REAL(sigqueue)(pid, signal, value);
	sent(CT_EV_KILL, (uint64_t)pid, signal, ct_errno_of(result), CT_CALLER);
	return result;
}

CT_EXPORT int tgkill(pid_t process, pid_t thread, int signal)
{
	int result;

	sends(CT_EV_TGKILL, (uint64_t)thread, signal, CT_CALLER);
	result = CT_REAL(tgkill)(process, thread, signal);
	sent(CT_EV_TGKILL, (uint64_t)thread, signal, ct_errno_of(result), CT_CALLER);
	return result;
}

CT_EXPORT int raise(int signal)
{
	uint64_t self = pthread_self();
	int result;

	sends(CT_EV_PTHREAD_KILL, self, signal, CT_CALLER);
	result = CT_REAL(raise)(signal);
	/* glibc returns the error number in some versions, POSIX wants any other than 0 */
	sent(CT_EV_PTHREAD_KILL, self, signal, result > 0 ? result : ct_errno_of(result),
	     CT_CALLER);
	return result;
}

CT_EXPORT int gsignal(int signal)
{
	uint64_t self = pthread_self();
	int result;

	sends(CT_EV_PTHREAD_KILL, self, signal, CT_CALLER);
	result = CT_REAL(gsignal)(signal);
	sent(CT_EV_PTHREAD_KILL, self, signal, result > 0 ? result : ct_errno_of(result),
	     CT_CALLER);
	return result;
}

CT_EXPORT int pthread_kill(pthread_t thread, int signal)
{
	int error;

	sends(CT_EV_PTHREAD_KILL, thread, signal, CT_CALLER);
	error = CT_REAL(pthread_kill)(thread, signal);
	sent(CT_EV_PTHREAD_KILL, thread, signal, error, CT_CALLER);
	return error;
}

CT_EXPORT int pthread_sigqueue(pthread_t thread, int signal, const union sigval value)
{
	int error;

	sends(CT_EV_PTHREAD_KILL, thread, signal, CT_CALLER);
	error = CT_REAL(pthread_sigqueue)(thread, signal, value);
	sent(CT_EV_PTHREAD_KILL, thread, signal, error, CT_CALLER);
	return error;
}
