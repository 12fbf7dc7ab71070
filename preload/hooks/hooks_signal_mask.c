/*
 * Which signals a thread blocks, which tells where handlers may come. Stamped after the real call:
 * a handler that runs before the signal is blocked is recorded before that, too. The mask that a
 * jump brings back is stamped before it, as there is no after. In a program with traps SIGTRAP is
 * never blocked for the kernel: sigtrap.h.
 */
#include "hooks/call.h"
#include "hooks/real.h"
#include "hooks/sigtrap.h"

/* What longjmp is in programs with _FORTIFY_SOURCE. */
void __longjmp_chk(struct __jmp_buf_tag env[1], int value) __attribute__((noreturn));

typedef int change_mask(int, const sigset_t *, sigset_t *);

static inline void note(int how, uint64_t mask, uintptr_t pc, uintptr_t sp)
{
	ct_call_event(CT_EV_SIGNAL_MASK, 0, (uint64_t)how, mask, pc, sp);
}

/* libc reads the set, too; it may be overwritten by the old one. */
static inline int change(change_mask *real, int how, const sigset_t *set, sigset_t *old,
			 uintptr_t pc, uintptr_t sp)
{
	uint64_t mask = 0;
	int result;

	if (set)
		__builtin_memcpy(&mask, set, sizeof(mask));
	if (ct_sigtrap_ours())
		result = ct_sigtrap_change(real, how, set, old);
	else
		result = real(how, set, old);
	if (set && result == 0)
		note(how, mask, pc, sp);
	return result;
}

CT_EXPORT int pthread_sigmask(int how, const sigset_t *set, sigset_t *old)
{
	return change(CT_REAL(pthread_sigmask), how, set, old, CT_CALLER);
}

CT_EXPORT int sigprocmask(int how, const sigset_t *set, sigset_t *old)
{
	return change(CT_REAL(sigprocmask), how, set, old, CT_CALLER);
}

/* The older ones, of one signal (libc knows no others than 1 to 64) or of the first 32. */
/* Whether it is the one signal of which the kernel is told nothing. */
static bool is_kept(int signal)
{
	return ct_sigtrap_ours() && signal == SIGTRAP;
}

CT_EXPORT int sighold(int signal)
{
	int result = 0;

	if (is_kept(signal))
		ct_sigtrap_block(true);
	else
		result = CT_REAL(sighold)(signal);
	if (result == 0)
		note(SIG_BLOCK, UINT64_C(1) << (signal - 1), CT_CALLER);
	return result;
}

CT_EXPORT int sigrelse(int signal)
{
	int result = 0;

	if (is_kept(signal))
		ct_sigtrap_block(false);
	else
		result = CT_REAL(sigrelse)(signal);
	if (result == 0)
		note(SIG_UNBLOCK, UINT64_C(1) << (signal - 1), CT_CALLER);
	return result;
}

typedef int change_first(int);

static int change_first_32(change_first *real, int how, int mask)
{
	sigset_t set, old;
	uint64_t bits = (unsigned)mask, before;

	if (!ct_sigtrap_ours())
		return real(mask);
	sigemptyset(&set);
	__builtin_memcpy(&set, &bits, sizeof(bits));
	if (ct_sigtrap_change(CT_REAL(sigprocmask), how, &set, &old) != 0)
		return -1;
	__builtin_memcpy(&before, &old, sizeof(before));
	return (int)before;
}

CT_EXPORT int sigblock(int mask)
{
	int old = change_first_32(CT_REAL(sigblock), SIG_BLOCK, mask);

	note(SIG_BLOCK, (unsigned)mask, CT_CALLER);
	return old;
}

CT_EXPORT int sigsetmask(int mask)
{
	int old = change_first_32(CT_REAL(sigsetmask), SIG_SETMASK, mask);

	note(SIG_SETMASK, (unsigned)mask, CT_CALLER);
	return old;
}

CT_EXPORT int sigpending(sigset_t *set)
{
	int result = CT_REAL(sigpending)(set);

	if (result == 0 && ct_sigtrap_ours() && ct_sigtrap_pending())
		sigaddset(set, SIGTRAP);
	return result;
}

static inline void note_jump(const struct __jmp_buf_tag *env, uintptr_t pc, uintptr_t sp)
{
	uint64_t mask;

	if (!env->__mask_was_saved)
		return;
	__builtin_memcpy(&mask, &env->__saved_mask, sizeof(mask));
	note(SIG_SETMASK, mask, pc, sp);
	/* What was saved was the kernel's mask: whoever blocked SIGTRAP there no longer does. */
	if (ct_sigtrap_ours())
		ct_sigtrap_block(mask & CT_SIGTRAP_BIT);
}

/* A mask that getcontext() saved has no SIGTRAP; one that the program made, or that a handler was
 * given, may have it. Returns whether it had. */
static bool without_sigtrap(const ucontext_t *context)
{
	ucontext_t *ours = (ucontext_t *)(uintptr_t)context;

	if (sigismember(&ours->uc_sigmask, SIGTRAP) != 1)
		return false;
	sigdelset(&ours->uc_sigmask, SIGTRAP);
	return true;
}

CT_EXPORT int setcontext(const ucontext_t *context)
{
	if (ct_sigtrap_ours())
		ct_sigtrap_block(without_sigtrap(context));
	return CT_REAL(setcontext)(context);
}

/* Among coroutines of one thread: what is blocked is mostly left as it is. */
CT_EXPORT int swapcontext(ucontext_t *out_old, const ucontext_t *context)
{
	if (ct_sigtrap_ours() && without_sigtrap(context))
		ct_sigtrap_block(true);
	return CT_REAL(swapcontext)(out_old, context);
}

#define JUMPS(name)                                                                                \
	CT_EXPORT void name(struct __jmp_buf_tag env[1], int value)                                \
	{                                                                                          \
		note_jump(env, CT_CALLER);                                                         \
		CT_REAL(name)(env, value);                                                         \
		__builtin_unreachable();                                                           \
	}

JUMPS(siglongjmp)
JUMPS(longjmp)
JUMPS(_longjmp)
JUMPS(__longjmp_chk)
#undef JUMPS
