/* A process becomes two, or ends. */
#include <unistd.h>

#include "hooks/call.h"
#include "hooks/fds.h"
#include "hooks/process.h"
#include "hooks/real.h"
#include "record/fork.h"
#include "record/process.h"
#include "record/thread.h"
#include "record/unwind.h"
#include "sys/kernel.h"

/* In daemon(): its parent ends inside libc, where no hook sees it. */
static __thread bool daemon_parent __attribute__((tls_model("initial-exec")));

/* Ours was set first: it is the last one of these to run. */
static void before(void)
{
	ct_fork_prepared();
	ct_unwind_before_fork();
}

/* errno tells whether the fork failed: glibc calls the parent's handlers then too. */
static void in_parent(void)
{
	ct_unwind_after_fork_parent();
	if (!daemon_parent || errno)
		return;
	ct_thread_end_process(0);
	ct_process_close();
}

void ct_hooks_fork_init(void)
{
	pthread_atfork(before, in_parent, ct_fork_child);
}

CT_EXPORT pid_t fork(void)
{
	struct ct_fork_snapshot snapshot;
	struct ct_call call;
	pid_t pid;

	ct_call_request(&call, CT_EV_FORK, 0, 0, 0, CT_CALLER);
	ct_fork_begin(&snapshot);
	pid = CT_REAL(fork)();
	if (pid == 0) {
		ct_fork_child();
		return 0;
	}
	ct_fork_parent(&snapshot);
	ct_call_complete_with(&call, ct_errno_of(pid), pid > 0 ? (uint64_t)pid : 0, 0);
	return pid;
}

CT_EXPORT __typeof__(fork) __fork __attribute__((alias("fork"), nothrow));

/* As fork, but no atfork handlers run. */
CT_EXPORT pid_t _Fork(void)
{
	struct ct_fork_snapshot snapshot;
	struct ct_call call;
	pid_t pid;

	ct_call_request(&call, CT_EV_FORK, 0, 0, 0, CT_CALLER);
	ct_fork_begin(&snapshot);
	ct_unwind_before_fork();
	pid = CT_REAL(_Fork)();
	if (pid == 0) {
		ct_fork_child();
		return 0;
	}
	ct_unwind_after_fork_parent();
	ct_fork_parent(&snapshot);
	ct_call_complete_with(&call, ct_errno_of(pid), pid > 0 ? (uint64_t)pid : 0, 0);
	return pid;
}

CT_EXPORT int daemon(int nochdir, int noclose)
{
	struct ct_fork_snapshot snapshot;
	struct ct_call call;
	uint32_t pid = ct_sys_pid();
	int saved = errno, result;

	ct_call_request(&call, CT_EV_DAEMON, 0, 0, 0, CT_CALLER);
	ct_fork_begin(&snapshot);
	daemon_parent = true;
	errno = 0;
	result = CT_REAL(daemon)(nochdir, noclose);
	daemon_parent = false;
	if (ct_sys_pid() != pid) {
		ct_fork_child();
		if (result == 0 && !noclose) /* libc has put /dev/null there */
			ct_fd_closing_range(0, 2, CT_CALLER);
	} else {
		ct_fork_parent(&snapshot);
		ct_call_complete(&call, ct_errno_of(result));
	}
	if (result == 0)
		errno = saved;
	return result;
}

static void end(int status)
{
	ct_thread_end_process(status);
	ct_process_close();
}

CT_EXPORT void _exit(int status)
{
	end(status);
	CT_REAL(_exit)(status);
	__builtin_unreachable();
}

CT_EXPORT void _Exit(int status)
{
	end(status);
	CT_REAL(_Exit)(status);
	__builtin_unreachable();
}
