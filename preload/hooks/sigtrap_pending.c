#include "hooks/sigtrap_pending.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hooks/readable.h"
#include "hooks/real.h"
#include "hooks/sigtrap.h"
#include "sys/kernel.h"

#define WAITERS 16u
/* The code of a signal that is only to tell a thread that one is kept: in no kernel's use. */
#define CODE_KEPT (-1001)

enum state { NONE, CHANGES, KEPT };

/* What a siginfo_t of a sent signal has: number, error, code, sender, value. */
struct kept {
	uint32_t state; /* enum state */
	uint32_t pid;	/* whose it is: a forked child begins without */
	char info[32];
};

static struct kept of_process;
static __thread struct kept of_thread __attribute__((tls_model("initial-exec")));
/* What the signal that this thread is sending itself is to look like. */
static __thread struct kept sending __attribute__((tls_model("initial-exec")));

/* Threads in a call that waits for SIGTRAP: process << 32 | thread, 0: none. */
static uint64_t waiters[WAITERS];

static bool begin_change(struct kept *kept, uint32_t from)
{
	return __atomic_compare_exchange_n(&kept->state, &from, CHANGES, false, __ATOMIC_ACQUIRE,
					   __ATOMIC_RELAXED);
}

static void end_change(struct kept *kept, uint32_t to)
{
	__atomic_store_n(&kept->state, to, __ATOMIC_RELEASE);
}

static bool is_kept(const struct kept *kept)
{
	return __atomic_load_n(&kept->state, __ATOMIC_ACQUIRE) == KEPT && kept->pid == ct_sys_pid();
}

static void put(struct kept *kept, const siginfo_t *info)
{
	uint32_t pid = ct_sys_pid();

	if (!begin_change(kept, NONE) && (kept->pid == pid || !begin_change(kept, KEPT)))
		return; /* there is one already */
	__builtin_memcpy(kept->info, info, sizeof(kept->info));
	kept->pid = pid;
	end_change(kept, KEPT);
}

/* False: there is none. */
static bool take(struct kept *kept, siginfo_t *out_info)
{
	if (!is_kept(kept) || !begin_change(kept, KEPT))
		return false;
	__builtin_memset(out_info, 0, sizeof(*out_info));
	__builtin_memcpy(out_info, kept->info, sizeof(kept->info));
	end_change(kept, NONE);
	return true;
}

bool ct_sigtrap_pending(void)
{
	return CT_UNLIKELY(of_thread.state == KEPT || of_process.state == KEPT) &&
	       (is_kept(&of_thread) || is_kept(&of_process));
}

/* False: there is no such thread. */
static bool tell(uint64_t pid, uint32_t tid)
{
	siginfo_t info = {.si_signo = SIGTRAP, .si_code = CODE_KEPT};

	return CT_SYS(SYS_rt_tgsigqueueinfo, pid, tid, SIGTRAP, &info, 0, 0) == 0;
}

static void wake_waiter(void)
{
	uint64_t pid = ct_sys_pid();

	for (uint32_t i = 0; i < WAITERS; i++) {
		uint64_t waiter = __atomic_load_n(&waiters[i], __ATOMIC_ACQUIRE);

		if (waiter >> 32 == pid && tell(pid, (uint32_t)waiter))
			return;
	}
}

void ct_sigtrap_keep(const siginfo_t *info)
{
	if (info->si_code == SI_TKILL) {
		put(&of_thread, info);
		return;
	}
	put(&of_process, info);
	wake_waiter();
}

void ct_sigtrap_drop_pending(void)
{
	siginfo_t unused;

	take(&of_thread, &unused);
	take(&of_process, &unused);
}

/* What the kernel does not allow us to say of it comes back by ct_sigtrap_restore(). */
static void send_again(const siginfo_t *info)
{
	end_change(&sending, NONE);
	put(&sending, info);
	tell(ct_sys_pid(), ct_sys_tid());
}

bool ct_sigtrap_restore(siginfo_t *info)
{
	return info->si_code != CODE_KEPT || take(&sending, info) ||
	       (!ct_sigtrap_blocked() && take(&of_process, info));
}

void ct_sigtrap_send_pending(void)
{
	siginfo_t info;

	if (take(&of_thread, &info))
		send_again(&info);
	if (take(&of_process, &info))
		send_again(&info);
}

void ct_sigtrap_give(const siginfo_t *info)
{
	uint32_t pid = ct_sys_pid(), tid = ct_sys_tid();

	/* the kernel lets only the first thread name another sender than itself */
	if (CT_SYS(SYS_rt_tgsigqueueinfo, pid, tid, SIGTRAP, info, 0, 0) != 0)
		CT_SYS(SYS_tgkill, pid, tid, SIGTRAP, 0, 0, 0);
}

void ct_sigtrap_give_pending(void)
{
	siginfo_t info;

	if (take(&of_thread, &info))
		ct_sigtrap_give(&info);
	if (take(&of_process, &info))
		ct_sigtrap_give(&info);
}

static uint64_t *add_waiter(void)
{
	uint64_t self = (uint64_t)ct_sys_pid() << 32 | ct_sys_tid();

	for (uint32_t i = 0; i < WAITERS; i++) {
		uint64_t other = __atomic_load_n(&waiters[i], __ATOMIC_RELAXED);

		/* 0, or left there by the process that this one was forked from */
		if (other >> 32 != self >> 32 &&
		    __atomic_compare_exchange_n(&waiters[i], &other, self, false, __ATOMIC_RELEASE,
						__ATOMIC_RELAXED))
			return &waiters[i];
	}
	return NULL;
}

/* A wait for SIGTRAP. */
struct wait {
	uint64_t *waiter;
	bool outer;
};

/* The thread goes on, or is cancelled. */
static void end_wait(struct wait *wait)
{
	if (wait->waiter)
		__atomic_store_n(wait->waiter, 0, __ATOMIC_RELEASE);
	ct_sigtrap_open(wait->outer);
}

/* What is left of a limit; 0 if nothing is. */
static struct timespec left_of(const struct timespec *limit, uint64_t passed_ns)
{
	uint64_t ns = (uint64_t)limit->tv_sec * 1000000000u + (uint64_t)limit->tv_nsec;

	ns = ns > passed_ns ? ns - passed_ns : 0;
	return (struct timespec){(time_t)(ns / 1000000000u), (long)(ns % 1000000000u)};
}

/* Meanwhile the thread blocks SIGTRAP for the kernel, too, so that none is lost that comes just
 * before the wait. One of perf's, which comes late, is none of the program's. */
int ct_sigtrap_timedwait(const sigset_t *set, siginfo_t *info, const struct timespec *limit)
{
	__attribute__((cleanup(end_wait))) struct wait wait = {.outer = ct_sigtrap_shut()};
	uint64_t begin = ct_sys_time();
	struct timespec left;
	int result;

	wait.waiter = add_waiter();
	if (limit)
		left = *limit;
	do {
		if (take(&of_thread, info) || take(&of_process, info))
			return SIGTRAP;
		result = CT_REAL(sigtimedwait)(set, info, limit ? &left : NULL);
		if (limit)
			left = left_of(limit, ct_sys_time() - begin);
	} while (result == SIGTRAP && (info->si_code > 0 || info->si_code == CODE_KEPT));
	return result;
}
