#ifndef CT_TEST_CALLS_THREAD_H
#define CT_TEST_CALLS_THREAD_H
/* For programs made with calls.h: threads, child processes, signals. */
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "calls.h"
#include "calls_time.h"

/* A thread that knows its number, and whose tid others can wait for (asleep.h). */
struct calls_thread {
	void *(*routine)(void *);
	void *arg;
	pthread_t id;
	pid_t tid; /* set by calls_will_sleep() */
	int number;
};

static int calls_threads = 1; /* numbers given so far */
static __thread struct calls_thread *calls_current;

static inline void *calls_run(void *context)
{
	calls_current = context;
	calls_self = calls_current->number;
	return calls_current->routine(calls_current->arg);
}

static inline void calls_start_with(struct calls_thread *thread, const pthread_attr_t *attributes,
				    void *(*routine)(void *), void *arg)
{
	int state = PTHREAD_CREATE_JOINABLE;

	if (attributes)
		pthread_attr_getdetachstate(attributes, &state);
	*thread = (struct calls_thread){routine, arg, .number = ++calls_threads};
	CALL(thread->number, calls_run, pthread_create,
	     (&thread->id, attributes, calls_run, thread), 0,
	     state == PTHREAD_CREATE_DETACHED ? "detached" : "-");
}

static inline void calls_start(struct calls_thread *thread, void *(*routine)(void *), void *arg)
{
	calls_start_with(thread, NULL, routine, arg);
}

/* In the thread, just before the call that will wait. */
static inline void calls_will_sleep(void)
{
	__atomic_store_n(&calls_current->tid, gettid(), __ATOMIC_RELEASE);
}

/* A thread that is to be asleep in a call when this returns. */
static inline void calls_start_asleep(struct calls_thread *thread, void *(*routine)(void *),
				      void *arg)
{
	calls_start(thread, routine, arg);
	asleep_wait_for(&thread->tid);
}

static inline void calls_join(struct calls_thread *thread, const void *wanted)
{
	void *value = NULL;

	CALL(thread->id, 0, pthread_join, (thread->id, &value), 0, "request blocked");
	CALLS_IS(value, wanted);
}

static inline void calls_cancel(struct calls_thread *thread)
{
	CALL(thread->id, 0, pthread_cancel, (thread->id), 0, "-");
}

static int calls_processes = 1; /* numbers given so far */

/* A child process does `work` and ends; the parent meanwhile does `meanwhile`, given its pid. */
static inline void calls_fork(void (*work)(void *), void (*meanwhile)(void *, pid_t), void *arg)
{
	int status = -1;
	pid_t pid;

	fflush(stdout);
	calls_processes++;
	pid = fork();
	if (pid == 0) {
		calls_process = calls_processes;
		calls_wrong = 0;
		work(arg);
		_exit(calls_wrong != 0);
	}
	if (meanwhile)
		meanwhile(arg, pid);
	CALLS_IS(waitpid(pid, &status, 0), pid);
	CALLS_IS(status, 0);
}

/* Memory that children share. */
static inline void *calls_shared(size_t size)
{
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		abort();
	return memory;
}

static int calls_signals; /* how many have been handled */

static inline void calls_count_signal(int number)
{
	(void)number;
	__atomic_add_fetch(&calls_signals, 1, __ATOMIC_RELEASE);
}

static inline void calls_handle(int flags)
{
	sigaction(SIGUSR1, &(struct sigaction){.sa_handler = calls_count_signal, .sa_flags = flags},
		  NULL);
}

/* Sends a signal to a thread that sleeps; returns when its handler has run. */
static inline void calls_interrupt(const struct calls_thread *thread)
{
	int before = __atomic_load_n(&calls_signals, __ATOMIC_ACQUIRE);

	syscall(SYS_tgkill, getpid(), thread->tid, SIGUSR1);
	while (__atomic_load_n(&calls_signals, __ATOMIC_ACQUIRE) == before)
		asleep_pause();
}

#endif
