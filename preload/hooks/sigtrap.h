#ifndef CT_HOOKS_SIGTRAP_H
#define CT_HOOKS_SIGTRAP_H
/*
 * SIGTRAP in a process with traps (record/traps.h). The kernel's action for it is ours, and no
 * thread blocks it: a trap would end the program. What the program sets and blocks is kept here and
 * told back when it asks; it gets the SIGTRAPs that are none of the traps' as it would without us,
 * and those that it blocks stay pending until it lets them in or waits for them.
 *
 * In a process without traps none of this is called but the tests of ct_traps.
 */
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>
#include <ucontext.h>

#include "record/self.h"
#include "record/traps.h"

#define CT_SIGTRAP_BIT (UINT64_C(1) << (SIGTRAP - 1))

static inline bool ct_sigtrap_ours(void)
{
	return CT_UNLIKELY(ct_traps != NULL);
}

/* The kernel's struct sigaction. */
struct ct_kernel_action {
	__sighandler_t handler;
	unsigned long flags;
	void (*restorer)(void);
	uint64_t mask;
};

/* Once, when ct_traps was set: what there is becomes the program's view. */
void ct_sigtrap_start(void);

/* The program's action, with the handler as the kernel would get it; `action` NULL: only asks. */
void ct_sigtrap_action(const struct sigaction *action, struct sigaction *out_old);

/* Whether the calling thread blocks SIGTRAP as the program sees it. Letting it in may run the
 * program's handler. */
bool ct_sigtrap_blocked(void);
void ct_sigtrap_block(bool blocked);
/* What `real`, a sigprocmask(), does, but that SIGTRAP is changed here. */
typedef int ct_sigtrap_changes(int how, const sigset_t *set, sigset_t *old);
int ct_sigtrap_change(ct_sigtrap_changes *real, int how, const sigset_t *set, sigset_t *old);
/* Whether a SIGTRAP is pending for the thread or its process. */
bool ct_sigtrap_pending(void);

/* Our handler, and the rest of it: sigtrap_entry.S. */
void ct_sigtrap_entry(int signal, siginfo_t *info, void *context);
extern const char ct_sigtrap_entered[]; /* behind its part in which signals may come */
void ct_sigtrap_handle(int signal, siginfo_t *info, void *context);
/* A handler of the program's is about to begin: nothing that it is given tells of traps, though the
 * stack may have ended because of one. */
void ct_sigtrap_hide(int signal, siginfo_t *info, ucontext_t *context);
/* A handler of the program's begins, which `blocks` SIGTRAP, or returns: `context` has the mask as
 * the program sees it between the two. What the first returns is for the second. */
bool ct_sigtrap_handler_begins(ucontext_t *context, bool blocks);
void ct_sigtrap_handler_returns(ucontext_t *context, bool kept_out);

/* Whether a thread that is created with these attributes begins with SIGTRAP blocked: then it is
 * created while its creator has it shut. And the first thing that it does. */
bool ct_sigtrap_inherited(const pthread_attr_t *attributes);
void ct_sigtrap_thread_begins(bool blocked);

/* Keeps SIGTRAP from the calling thread for the kernel, too, while it is in a call of libc: nothing
 * of the program runs meanwhile but signal handlers, which let it in. What the first returns is for
 * the second. */
bool ct_sigtrap_shut(void);
void ct_sigtrap_open(bool outer);

/* The calling thread has a child that runs with its memory and thread-local storage while it stands
 * still: what that sets and blocks is the child's. */
struct ct_sigtrap_lent {
	struct ct_sigtrap_action {
		__sighandler_t handler;
		int flags;
		uint64_t mask;
	} action;
	bool blocked, borrowed;
};
void ct_sigtrap_lend(struct ct_sigtrap_lent *out_lent);
void ct_sigtrap_take_back(const struct ct_sigtrap_lent *lent);

/* The next program is to begin with what this one sees; takes that back if exec fails. */
void ct_sigtrap_before_exec(void);
void ct_sigtrap_exec_failed(void);

/* A call that has a mask of its own while it waits. The mask for the kernel is `use`. */
struct ct_sigtrap_wait {
	const sigset_t *use;
	uint64_t mask[sizeof(sigset_t) / sizeof(uint64_t)];
	bool changed, outer;
};
void ct_sigtrap_wait_begin_ours(struct ct_sigtrap_wait *wait, const sigset_t *mask);
void ct_sigtrap_wait_end_ours(struct ct_sigtrap_wait *wait);

static inline void ct_sigtrap_wait_begin(struct ct_sigtrap_wait *wait, const sigset_t *mask)
{
	wait->use = mask;
	wait->changed = false;
	if (ct_sigtrap_ours() && mask)
		ct_sigtrap_wait_begin_ours(wait, mask);
}

/* Also when the call is cancelled. */
static inline void ct_sigtrap_wait_end(struct ct_sigtrap_wait *wait)
{
	if (CT_UNLIKELY(wait->changed))
		ct_sigtrap_wait_end_ours(wait);
}

#define CT_SIGTRAP_WAIT __attribute__((cleanup(ct_sigtrap_wait_end))) struct ct_sigtrap_wait

/* sigtimedwait() of a set with SIGTRAP. */
int ct_sigtrap_timedwait(const sigset_t *set, siginfo_t *info, const struct timespec *limit);

#endif
