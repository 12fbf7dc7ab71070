/*
 * What a signal is to do. The program's handler goes to the kernel by an entry of ours (handler.h),
 * and is what the program is told when it asks. Flags and masks are the program's own, but for
 * SA_SIGINFO: sigaction() always asks for what the record says of the sender. In a program with
 * traps nothing of SIGTRAP goes to the kernel (sigtrap.h). Stamped before the call, since the
 * handler may run before it returns.
 */
#include "hooks/call.h"
#include "hooks/handler.h"
#include "hooks/real.h"
#include "hooks/sigtrap.h"
#include "hooks/unsafe.h"

/* Exported, but not declared to all programs. */
int __sigaction(int signal, const struct sigaction *action, struct sigaction *old);
__sighandler_t bsd_signal(int signal, __sighandler_t handler);

typedef int set_action(int, const struct sigaction *, struct sigaction *);
typedef __sighandler_t set_handler(int, __sighandler_t);

static void arm(__sighandler_t handler)
{
	if (handler != SIG_DFL && handler != SIG_IGN)
		ct_unsafe_arm();
}

/* Whether SIGTRAP is blocked while a handler of `signal` runs. */
static bool blocks_trap(int signal, const struct sigaction *action)
{
	return sigismember(&action->sa_mask, SIGTRAP) == 1 ||
	       (signal == SIGTRAP && !(action->sa_flags & SA_NODEFER));
}

static struct sigaction for_kernel(int signal, const struct sigaction *action)
{
	unsigned kind = action->sa_flags & SA_SIGINFO ? CT_HANDLER_INFO : CT_HANDLER_ASKED;
	struct sigaction ours = *action;

	if (ct_sigtrap_ours() && blocks_trap(signal, action)) {
		kind |= CT_HANDLER_BLOCKS_TRAP;
		if (signal != SIGTRAP) /* that one does not go to the kernel */
			sigdelset(&ours.sa_mask, SIGTRAP);
	}
	ours.sa_handler = ct_handler_entry(action->sa_handler, kind);
	if (ours.sa_handler != action->sa_handler)
		ours.sa_flags |= SA_SIGINFO;
	return ours;
}

static void for_program(int signal, struct sigaction *action)
{
	unsigned kind = CT_HANDLER_INFO;

	action->sa_handler = ct_handler_behind(action->sa_handler, &kind);
	if ((kind & ~CT_HANDLER_BLOCKS_TRAP) == CT_HANDLER_ASKED)
		action->sa_flags &= ~SA_SIGINFO;
	if (kind & CT_HANDLER_BLOCKS_TRAP && signal != SIGTRAP)
		sigaddset(&action->sa_mask, SIGTRAP);
}

static int apply(set_action *real, int signal, const struct sigaction *action,
		 struct sigaction *old)
{
	if (!ct_sigtrap_ours() || signal != SIGTRAP)
		return real(signal, action, old);
	ct_sigtrap_action(action, old);
	return 0;
}

static int change_action(set_action *real, int signal, const struct sigaction *action,
			 struct sigaction *old, uintptr_t pc, uintptr_t sp)
{
	struct sigaction ours;
	int result;

	/* libc refuses such a signal before it looks at the action */
	if (!action || signal <= 0 || signal >= _NSIG) {
		result = apply(real, signal, action, old);
	} else {
		ct_call_event(CT_EV_SIGACTION, 0, (uint64_t)signal, (uintptr_t)action->sa_handler,
			      pc, sp);
		ours = for_kernel(signal, action);
		arm(action->sa_handler);
		result = apply(real, signal, &ours, old);
		if (result)
			ct_call_failed(CT_EV_SIGACTION, 0, (uint64_t)signal, errno, pc, sp);
	}
	if (result == 0 && old)
		for_program(signal, old);
	return result;
}

CT_EXPORT int sigaction(int signal, const struct sigaction *action, struct sigaction *old)
{
	return change_action(CT_REAL(sigaction), signal, action, old, CT_CALLER);
}

CT_EXPORT int __sigaction(int signal, const struct sigaction *action, struct sigaction *old)
{
	return change_action(CT_REAL(__sigaction), signal, action, old, CT_CALLER);
}

/* The older functions differ in mask and flags, which are left to libc. For SIGTRAP they are said
 * here, as libc has them: signal()'s, or those of System V. */
static __sighandler_t set_sigtrap(__sighandler_t handler, int flags, bool masks_itself)
{
	struct sigaction action = {.sa_handler = handler, .sa_flags = flags}, ours, old;

	if (masks_itself)
		sigaddset(&action.sa_mask, SIGTRAP);
	ours = for_kernel(SIGTRAP, &action);
	if (handler != SIG_ERR)
		ct_sigtrap_action(&ours, &old);
	else
		errno = EINVAL;
	return handler == SIG_ERR ? SIG_ERR : old.sa_handler;
}

static __sighandler_t set_by_signal(set_handler *real, int signal, __sighandler_t handler)
{
	bool system_v = real == ct_real.sysv_signal || real == ct_real.__sysv_signal;

	if (!ct_sigtrap_ours() || signal != SIGTRAP)
		return real(signal, ct_handler_entry(handler, CT_HANDLER_PLAIN));
	if (system_v)
		return set_sigtrap(handler, (int)(SA_RESETHAND | SA_NODEFER), false);
	return set_sigtrap(handler, SA_RESTART, true);
}

static __sighandler_t sigset_sigtrap(__sighandler_t handler)
{
	bool blocked = ct_sigtrap_blocked();
	struct sigaction old;
	__sighandler_t before;

	if (handler == SIG_HOLD || handler == SIG_ERR) {
		ct_sigtrap_action(NULL, &old);
		before = old.sa_handler;
	} else {
		before = set_sigtrap(handler, 0, false);
	}
	if (handler == SIG_ERR) {
		errno = EINVAL;
		return SIG_ERR;
	}
	ct_sigtrap_block(handler == SIG_HOLD);
	return blocked ? SIG_HOLD : before;
}

static __sighandler_t set_by_sigset(set_handler *real, int signal, __sighandler_t handler)
{
	if (ct_sigtrap_ours() && signal == SIGTRAP)
		return sigset_sigtrap(handler);
	return real(signal, ct_handler_entry(handler, CT_HANDLER_PLAIN));
}

typedef __sighandler_t set_by(set_handler *, int, __sighandler_t);

static __sighandler_t change_handler(set_by *set, set_handler *real, int signal,
				     __sighandler_t handler, uintptr_t pc, uintptr_t sp)
{
	unsigned kind;
	__sighandler_t old;

	ct_call_event(CT_EV_SIGACTION, 0, (uint64_t)signal, (uintptr_t)handler, pc, sp);
	arm(handler);
	old = set(real, signal, handler);
	if (old == SIG_ERR)
		ct_call_failed(CT_EV_SIGACTION, 0, (uint64_t)signal, errno, pc, sp);
	return ct_handler_behind(old, &kind);
}

#define SETS_HANDLER(name)                                                                         \
	CT_EXPORT __sighandler_t name(int signal, __sighandler_t handler)                          \
	{                                                                                          \
		return change_handler(set_by_signal, CT_REAL(name), signal, handler, CT_CALLER);   \
	}

SETS_HANDLER(signal)
SETS_HANDLER(bsd_signal)
SETS_HANDLER(ssignal)
SETS_HANDLER(sysv_signal)
SETS_HANDLER(__sysv_signal)
#undef SETS_HANDLER

/* It blocks the signal (SIG_HOLD), or else lets it come. */
CT_EXPORT __sighandler_t sigset(int signal, __sighandler_t handler)
{
	__sighandler_t old =
		change_handler(set_by_sigset, CT_REAL(sigset), signal, handler, CT_CALLER);

	if (old != SIG_ERR)
		ct_call_event(CT_EV_SIGNAL_MASK, 0, handler == SIG_HOLD ? SIG_BLOCK : SIG_UNBLOCK,
			      UINT64_C(1) << (signal - 1), CT_CALLER);
	return old;
}

CT_EXPORT int sigignore(int signal)
{
	int result;

	ct_call_event(CT_EV_SIGACTION, 0, (uint64_t)signal, (uintptr_t)SIG_IGN, CT_CALLER);
	if (ct_sigtrap_ours() && signal == SIGTRAP)
		result = set_sigtrap(SIG_IGN, 0, false) == SIG_ERR ? -1 : 0;
	else
		result = CT_REAL(sigignore)(signal);
	if (result)
		ct_call_failed(CT_EV_SIGACTION, 0, (uint64_t)signal, errno, CT_CALLER);
	return result;
}
