/*
 * Which signals a thread blocks, which tells where handlers may come. Stamped after the real call:
 * a handler that runs before the signal is blocked is recorded before that, too. The mask that a
 * jump brings back is stamped before it, as there is no after.
 */
#include "hooks/call.h"
#include "hooks/real.h"

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
CT_EXPORT int sighold(int signal)
{
	int result = CT_REAL(sighold)(signal);

	if (result == 0)
		note(SIG_BLOCK, UINT64_C(1) << (signal - 1), CT_CALLER);
	return result;
}

CT_EXPORT int sigrelse(int signal)
{
	int result = CT_REAL(sigrelse)(signal);

	if (result == 0)
		note(SIG_UNBLOCK, UINT64_C(1) << (signal - 1), CT_CALLER);
	return result;
}

CT_EXPORT int sigblock(int mask)
{
	int old = CT_REAL(sigblock)(mask);

	note(SIG_BLOCK, (unsigned)mask, CT_CALLER);
	return old;
}

CT_EXPORT int sigsetmask(int mask)
{
	int old = CT_REAL(sigsetmask)(mask);

	note(SIG_SETMASK, (unsigned)mask, CT_CALLER);
	return old;
}

static inline void note_jump(const struct __jmp_buf_tag *env, uintptr_t pc, uintptr_t sp)
{
	uint64_t mask;

	if (!env->__mask_was_saved)
		return;
	__builtin_memcpy(&mask, &env->__saved_mask, sizeof(mask));
	note(SIG_SETMASK, mask, pc, sp);
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
