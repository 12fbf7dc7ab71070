/*
 * What a signal is to do. The program's handler goes to the kernel by an entry of ours (handler.h),
 * and is what the program is told when it asks. Flags and masks are the program's own, but for
 * SA_SIGINFO: sigaction() always asks for what the record says of the sender. Stamped before the
 * call, since the handler may run before it returns.
 */
#include "hooks/call.h"
#include "hooks/handler.h"
#include "hooks/real.h"
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

static struct sigaction for_kernel(const struct sigaction *action)
{
	struct sigaction ours = *action;

	ours.sa_handler = ct_handler_entry(action->sa_handler, action->sa_flags & SA_SIGINFO
								       ? CT_HANDLER_INFO
								       : CT_HANDLER_ASKED);
	if (ours.sa_handler != action->sa_handler)
		ours.sa_flags |= SA_SIGINFO;
	return ours;
}

static void for_program(struct sigaction *action)
{
	enum ct_handler_kind kind = CT_HANDLER_INFO;

	action->sa_handler = ct_handler_behind(action->sa_handler, &kind);
	if (kind == CT_HANDLER_ASKED)
		action->sa_flags &= ~SA_SIGINFO;
}

static int change_action(set_action *real, int signal, const struct sigaction *action,
			 struct sigaction *old, uintptr_t pc, uintptr_t sp)
{
	struct sigaction ours;
	int result;

	/* libc refuses such a signal before it looks at the action */
	if (!action || signal <= 0 || signal >= _NSIG) {
		result = real(signal, action, old);
	} else {
		ours = for_kernel(action);
		ct_call_event(CT_EV_SIGACTION, 0, (uint64_t)signal, (uintptr_t)action->sa_handler,
			      pc, sp);
		arm(action->sa_handler);
		result = real(signal, &ours, old);
		if (result)
			ct_call_failed(CT_EV_SIGACTION, 0, (uint64_t)signal, errno, pc, sp);
	}
	if (result == 0 && old)
		for_program(old);
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

/* The older functions differ in mask and flags, which are left to libc. */
static __sighandler_t change_handler(set_handler *real, int signal, __sighandler_t handler,
				     uintptr_t pc, uintptr_t sp)
{
	enum ct_handler_kind kind;
	__sighandler_t old;

	ct_call_event(CT_EV_SIGACTION, 0, (uint64_t)signal, (uintptr_t)handler, pc, sp);
	arm(handler);
	old = real(signal, ct_handler_entry(handler, CT_HANDLER_PLAIN));
	if (old == SIG_ERR)
		ct_call_failed(CT_EV_SIGACTION, 0, (uint64_t)signal, errno, pc, sp);
	return ct_handler_behind(old, &kind);
}

#define SETS_HANDLER(name)                                                                         \
	CT_EXPORT __sighandler_t name(int signal, __sighandler_t handler)                          \
	{                                                                                          \
		return change_handler(CT_REAL(name), signal, handler, CT_CALLER);                  \
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
	__sighandler_t old = change_handler(CT_REAL(sigset), signal, handler, CT_CALLER);

	if (old != SIG_ERR)
		ct_call_event(CT_EV_SIGNAL_MASK, 0, handler == SIG_HOLD ? SIG_BLOCK : SIG_UNBLOCK,
			      UINT64_C(1) << (signal - 1), CT_CALLER);
	return old;
}

CT_EXPORT int sigignore(int signal)
{
	int result;

	ct_call_event(CT_EV_SIGACTION, 0, (uint64_t)signal, (uintptr_t)SIG_IGN, CT_CALLER);
	result = CT_REAL(sigignore)(signal);
	if (result)
		ct_call_failed(CT_EV_SIGACTION, 0, (uint64_t)signal, errno, CT_CALLER);
	return result;
}
