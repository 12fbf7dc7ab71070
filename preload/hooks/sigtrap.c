#include "hooks/sigtrap.h"

#include <errno.h>
#include <stddef.h>

#include "hooks/handler.h"
#include "hooks/readable.h"
#include "hooks/real.h"
#include "hooks/sigtrap_pending.h"
#include "sys/kernel.h"

#ifndef SA_RESTORER
#define SA_RESTORER 0x04000000
#endif

#define ACTIONS 64u

/* The program's action is never changed in place: a signal handler may be reading it. A new one is
 * put beside it, and those before it stay as they are for some time. */
static struct ct_sigtrap_action actions[ACTIONS];
static struct ct_sigtrap_action *action_now = actions;
static uint32_t actions_used = 1;
/* What libc has actions return by: it tells that to the program, too. */
static void (*restorer)(void);

static __thread struct {
	bool blocked;		      /* as the program sees it */
	bool reopened;		      /* as it is to be after the call that has it shut */
	bool borrowed;		      /* by a child that shares the memory */
	struct ct_sigtrap_action own; /* of that child */
} self __attribute__((tls_model("initial-exec")));

static struct ct_sigtrap_action current(void)
{
	if (self.borrowed)
		return self.own;
	return *__atomic_load_n(&action_now, __ATOMIC_ACQUIRE);
}

/* The one before. */
static struct ct_sigtrap_action replace(const struct ct_sigtrap_action *action)
{
	struct ct_sigtrap_action before = self.own, *place;

	if (self.borrowed) {
		self.own = *action;
		return before;
	}
	do
		place = actions + __atomic_fetch_add(&actions_used, 1, __ATOMIC_RELAXED) % ACTIONS;
	while (place == __atomic_load_n(&action_now, __ATOMIC_RELAXED));
	*place = *action;
	return *__atomic_exchange_n(&action_now, place, __ATOMIC_ACQ_REL);
}

static uint64_t bits_of(const sigset_t *set)
{
	uint64_t bits;

	__builtin_memcpy(&bits, set, sizeof(bits));
	return bits;
}

static void tell(const struct ct_sigtrap_action *action, struct sigaction *out)
{
	out->sa_handler = action->handler;
	out->sa_flags = action->flags;
	out->sa_restorer = action->flags & SA_RESTORER ? restorer : NULL;
	__builtin_memcpy(&out->sa_mask, &action->mask, sizeof(action->mask));
}

void ct_sigtrap_action(const struct sigaction *action, struct sigaction *out_old)
{
	const uint64_t never = UINT64_C(1) << (SIGKILL - 1) | UINT64_C(1) << (SIGSTOP - 1);
	struct ct_sigtrap_action wanted, before;

	if (action) {
		wanted = (struct ct_sigtrap_action){action->sa_handler,
						    action->sa_flags | SA_RESTORER,
						    bits_of(&action->sa_mask) & ~never};
		before = replace(&wanted);
		if (wanted.handler == SIG_IGN)
			ct_sigtrap_drop_pending();
	} else {
		before = current();
	}
	if (out_old)
		tell(&before, out_old);
}

bool ct_sigtrap_blocked(void)
{
	return self.blocked;
}

void ct_sigtrap_block(bool blocked)
{
	self.blocked = blocked;
	if (!blocked && ct_sigtrap_pending())
		ct_sigtrap_send_pending();
}

static void change_mask(int how)
{
	static const uint64_t mask = CT_SIGTRAP_BIT;

	CT_SYS(SYS_rt_sigprocmask, how, &mask, NULL, sizeof(mask), 0, 0);
}

bool ct_sigtrap_shut(void)
{
	bool outer = self.reopened;

	self.reopened = self.blocked;
	CT_BARRIER();
	change_mask(SIG_BLOCK);
	return outer;
}

/* What came meanwhile is handled by the mask that the call had. */
void ct_sigtrap_open(bool outer)
{
	change_mask(SIG_UNBLOCK);
	ct_sigtrap_block(self.reopened);
	self.reopened = outer;
}

/* What SIGTRAP is, as the program sees it, after a change by a mask with it or without. */
static bool blocks(int how, uint64_t mask, bool before)
{
	bool named = mask & CT_SIGTRAP_BIT;

	if (how == SIG_SETMASK)
		return named;
	return how == SIG_BLOCK ? before || named : before && !named;
}

int ct_sigtrap_change(ct_sigtrap_changes *real, int how, const sigset_t *set, sigset_t *old)
{
	bool before = self.blocked;
	uint64_t mask = 0;
	sigset_t ours;
	int result;

	sigemptyset(&ours);
	if (set) {
		mask = bits_of(set);
		__builtin_memcpy(&ours, set, sizeof(mask));
		sigdelset(&ours, SIGTRAP);
	}
	result = real(how, set ? &ours : NULL, old);
	if (result == 0 && old && before)
		sigaddset(old, SIGTRAP);
	if (result == 0 && set)
		ct_sigtrap_block(blocks(how, mask, before));
	return result;
}

static void set_in(ucontext_t *context, bool blocked)
{
	if (blocked)
		sigaddset(&context->uc_sigmask, SIGTRAP);
	else
		sigdelset(&context->uc_sigmask, SIGTRAP);
}

/* It may have come in a call that has SIGTRAP shut. */
bool ct_sigtrap_handler_begins(ucontext_t *context, bool blocks)
{
	bool kept_out = sigismember(&context->uc_sigmask, SIGTRAP) == 1;

	if (kept_out)
		change_mask(SIG_UNBLOCK);
	set_in(context, kept_out ? self.reopened : self.blocked);
	if (blocks)
		self.blocked = true;
	return kept_out;
}

void ct_sigtrap_handler_returns(ucontext_t *context, bool kept_out)
{
	bool blocked = sigismember(&context->uc_sigmask, SIGTRAP) == 1;

	set_in(context, kept_out);
	if (kept_out)
		self.reopened = blocked;
	ct_sigtrap_block(blocked);
}

/* The process ends as it would without us: by the same signal, where the program stands. It comes
 * as soon as our handler returns and lets it in. */
static void end_process(const siginfo_t *info)
{
	static const struct ct_kernel_action ends = {.handler = SIG_DFL};

	CT_SYS(SYS_rt_sigaction, SIGTRAP, &ends, NULL, sizeof(ends.mask), 0, 0);
	ct_sigtrap_give(info);
}

/* A handler that is to run once. */
static void spend(const struct ct_sigtrap_action *action)
{
	struct ct_sigtrap_action spent = *action;
	unsigned kind = CT_HANDLER_INFO;

	ct_handler_behind(action->handler, &kind);
	if ((kind & ~CT_HANDLER_BLOCKS_TRAP) == CT_HANDLER_ASKED)
		spent.flags &= ~SA_SIGINFO;
	spent.handler = SIG_DFL;
	replace(&spent);
}

static void call(const struct ct_sigtrap_action *action, siginfo_t *info, ucontext_t *context)
{
	uint64_t mask = (bits_of(&context->uc_sigmask) | action->mask) & ~CT_SIGTRAP_BIT;

	if (action->flags & (int)SA_RESETHAND)
		spend(action);
	CT_SYS(SYS_rt_sigprocmask, SIG_SETMASK, &mask, NULL, sizeof(mask), 0, 0);
	ct_handler_call(action->handler, SIGTRAP, info, context);
}

/* It is the program's. */
static void deliver(siginfo_t *info, ucontext_t *context)
{
	bool own_doing = info->si_code > 0; /* a breakpoint of its own cannot wait */
	struct ct_sigtrap_action action = current();

	if (self.blocked && !own_doing)
		ct_sigtrap_keep(info);
	else if (action.handler == SIG_DFL ||
		 (own_doing && (self.blocked || action.handler == SIG_IGN)))
		end_process(info);
	else if (action.handler != SIG_IGN)
		call(&action, info, context);
}

/* What the kernel calls by way of ct_sigtrap_entry, which has held all signals back. */
void ct_sigtrap_handle(int signal, siginfo_t *info, void *context)
{
	int saved = errno;
	bool ours;

	(void)signal;
	ours = !ct_sigtrap_restore(info) || ct_traps->handle(info, context);
	errno = saved;
	if (!ours)
		deliver(info, context);
}

bool ct_sigtrap_inherited(const pthread_attr_t *attributes)
{
	sigset_t mask;

	if (attributes && pthread_attr_getsigmask_np(attributes, &mask) == 0)
		return sigismember(&mask, SIGTRAP) == 1;
	return self.blocked;
}

void ct_sigtrap_thread_begins(bool blocked)
{
	self.blocked = blocked;
	if (blocked) /* its attributes may have said so to libc */
		change_mask(SIG_UNBLOCK);
}

void ct_sigtrap_lend(struct ct_sigtrap_lent *out_lent)
{
	*out_lent = (struct ct_sigtrap_lent){self.own, self.blocked, self.borrowed};
	self.own = current();
	self.borrowed = true;
}

void ct_sigtrap_take_back(const struct ct_sigtrap_lent *lent)
{
	self.own = lent->action;
	self.blocked = lent->blocked;
	self.borrowed = lent->borrowed;
}

/* The real handler stays for as long as another thread can meet a trap; what is ignored stays so in
 * the next program. */
static void ignore(void)
{
	static const struct ct_kernel_action ignores = {.handler = SIG_IGN};

	if (!self.borrowed)
		ct_traps->aside(CT_TRAP_SIGNAL);
	CT_SYS(SYS_rt_sigaction, SIGTRAP, &ignores, NULL, sizeof(ignores.mask), 0, 0);
}

static void install(void)
{
	struct sigaction ours = {.sa_flags = SA_SIGINFO | SA_RESTART | SA_NODEFER};

	ours.sa_sigaction = ct_sigtrap_entry;
	/* all: sigfillset() leaves out those of libc, which may cancel the thread; but for what
	 * an overflow of the stack needs */
	__builtin_memset(&ours.sa_mask, 0xff, sizeof(ours.sa_mask));
	sigdelset(&ours.sa_mask, SIGSEGV);
	sigdelset(&ours.sa_mask, SIGTRAP);
	CT_REAL(sigaction)(SIGTRAP, &ours, NULL);
}

void ct_sigtrap_before_exec(void)
{
	if (current().handler == SIG_IGN)
		ignore();
	if (self.blocked) {
		(void)ct_sigtrap_shut();
		ct_sigtrap_give_pending();
	}
}

void ct_sigtrap_exec_failed(void)
{
	int saved = errno;

	install();
	change_mask(SIG_UNBLOCK);
	errno = saved;
}

/* If the wait lets SIGTRAP in and the thread does not, or the other way round, nothing may come
 * between: the kernel does both changes at once if it blocks it here. */
void ct_sigtrap_wait_begin_ours(struct ct_sigtrap_wait *wait, const sigset_t *mask)
{
	bool blocked;

	if (!ct_readable(mask, sizeof(wait->mask[0]))) /* which the kernel will say */
		return;
	__builtin_memset(wait->mask, 0, sizeof(wait->mask));
	__builtin_memcpy(wait->mask, mask, sizeof(wait->mask[0]));
	blocked = wait->mask[0] & CT_SIGTRAP_BIT;
	wait->mask[0] &= ~CT_SIGTRAP_BIT;
	wait->use = (const sigset_t *)(const void *)wait->mask;
	if (blocked == self.blocked)
		return;
	wait->changed = true;
	wait->outer = ct_sigtrap_shut();
	ct_sigtrap_block(blocked);
}

void ct_sigtrap_wait_end_ours(struct ct_sigtrap_wait *wait)
{
	int saved = errno;

	ct_sigtrap_open(wait->outer);
	errno = saved;
}

/* Handlers that were set before us (by constructors of other libraries) may block SIGTRAP. */
static void mend_masks(void)
{
	struct sigaction action;

	for (int signal = 1; signal < _NSIG; signal++)
		if (signal != SIGTRAP && CT_REAL(sigaction)(signal, NULL, &action) == 0 &&
		    action.sa_handler != SIG_DFL && action.sa_handler != SIG_IGN &&
		    sigdelset(&action.sa_mask, SIGTRAP) == 0)
			CT_REAL(sigaction)(signal, &action, NULL);
}

void ct_sigtrap_start(void)
{
	struct sigaction before;
	uint64_t mask = 0;
	int saved = errno;

	CT_REAL(sigaction)(SIGTRAP, NULL, &before);
	actions[0] = (struct ct_sigtrap_action){before.sa_handler, before.sa_flags,
						bits_of(&before.sa_mask)};
	CT_SYS(SYS_rt_sigprocmask, SIG_BLOCK, NULL, &mask, sizeof(mask), 0, 0);
	self.blocked = mask & CT_SIGTRAP_BIT;
	install();
	CT_REAL(sigaction)(SIGTRAP, NULL, &before);
	restorer = before.sa_restorer;
	mend_masks();
	change_mask(SIG_UNBLOCK);
	errno = saved;
}
