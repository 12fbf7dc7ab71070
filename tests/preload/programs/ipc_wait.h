#ifndef CT_TEST_IPC_WAIT_H
#define CT_TEST_IPC_WAIT_H
/* Threads and processes that make a call that waits. */
#include <pthread.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "asleep.h"
#include "ipc.h"

/* A thread that makes one call; its id as soon as it runs, and what the call returned. */
struct ipc_thread {
	pthread_t thread;
	pid_t tid;
	long (*call)(void);
	long result;
	int error;
};

static inline void *ipc_thread_main(void *arg)
{
	struct ipc_thread *thread = arg;

	__atomic_store_n(&thread->tid, (pid_t)syscall(SYS_gettid), __ATOMIC_RELEASE);
	errno = 0;
	thread->result = thread->call();
	thread->error = errno;
	pthread_testcancel();
	return NULL;
}

/* Starts a thread whose call waits, and returns when it does. */
static inline void ipc_start_waiting(struct ipc_thread *thread, long (*call)(void))
{
	*thread = (struct ipc_thread){.call = call};
	ipc_need(pthread_create(&thread->thread, NULL, ipc_thread_main, thread) == 0, "thread");
	asleep_wait_for(&thread->tid);
}

static inline void ipc_join(struct ipc_thread *thread, const char *what)
{
	void *value;

	pthread_join(thread->thread, &value);
	if (value == PTHREAD_CANCELED)
		printf("%s: cancelled, call's result %ld\n", what, thread->result);
	errno = thread->error;
	if (value != PTHREAD_CANCELED)
		ipc_say(what, thread->result);
}

/* Makes the call in a thread that is cancelled before: tells whether it is a cancellation point
 * when it need not wait. */
static inline void *ipc_cancelled_main(void *call)
{
	pthread_cancel(pthread_self());
	(*(long (**)(void))call)();
	return NULL;
}

static inline void ipc_cancelled(long (*call)(void), const char *what)
{
	pthread_t thread;
	void *value;

	pthread_create(&thread, NULL, ipc_cancelled_main, &call);
	pthread_join(thread, &value);
	printf("%s: %s cancellation point\n", what, value == PTHREAD_CANCELED ? "a" : "no");
	fflush(stdout);
}

/* Forks a child that makes a call, and returns when it waits. The child's exit status is 0, or the
 * errno of the call. */
static inline pid_t ipc_fork_waiting(long (*call)(void))
{
	int running[2];
	pid_t child;
	char c;

	fflush(stdout);
	ipc_need(pipe(running) == 0, "pipe");
	child = fork();
	ipc_need(child >= 0, "fork");
	if (child == 0) {
		close(running[0]);
		close(running[1]);
		_exit(call() == -1 ? errno : 0);
	}
	close(running[1]);
	ipc_need(read(running[0], &c, 1) == 0, "read");
	close(running[0]);
	asleep_wait(child);
	return child;
}

static inline void ipc_reap(pid_t child, const char *what)
{
	int status = 0;

	ipc_need(waitpid(child, &status, 0) == child, "waitpid");
	if (WIFEXITED(status))
		printf("%s: exit %d\n", what, WEXITSTATUS(status));
	else
		printf("%s: signal %d\n", what, WTERMSIG(status));
	fflush(stdout);
}

#endif
