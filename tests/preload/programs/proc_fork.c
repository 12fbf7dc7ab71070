/*
 * Forks in all ways: proc_fork threads | held | atfork | deep | many | signal | raw
 */
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <sys/time.h>

#include "proc.h"

#define THREADS 3
#define CHILDREN 25

static pthread_mutex_t shared = PTHREAD_MUTEX_INITIALIZER;
static atomic_bool stop;
static atomic_int started;

static void *lock_until_stopped(void *unused)
{
	uintptr_t pairs = 0;

	(void)unused;
	atomic_fetch_add(&started, 1);
	while (!stop) {
		pthread_mutex_lock(&shared);
		pthread_mutex_unlock(&shared);
		proc_breathe(++pairs);
	}
	return (void *)pairs;
}

static void start_threads(pthread_t *threads)
{
	for (int i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, lock_until_stopped, NULL);
	while (started < THREADS)
		sched_yield();
}

static unsigned stop_threads(const pthread_t *threads)
{
	unsigned pairs = 0;

	stop = true;
	for (int i = 0; i < THREADS; i++) {
		void *value;

		pthread_join(threads[i], &value);
		pairs += (unsigned)(uintptr_t)value;
	}
	return pairs;
}

/* Other threads lock and unlock all the time; a child has threads of its own, too. */
static void with_threads(void)
{
	pthread_t threads[THREADS];
	int sum = 0;

	start_threads(threads);
	for (int i = 0; i < CHILDREN; i++) {
		pid_t pid = fork();

		if (pid == 0) {
			pthread_mutex_t fresh = PTHREAD_MUTEX_INITIALIZER;
			pthread_t mine[THREADS];

			shared = fresh;
			started = 0;
			start_threads(mine);
			proc_pairs(7);
			proc_count(7 + stop_threads(mine));
			_exit(i);
		}
		sum += proc_reap(pid);
	}
	proc_count(stop_threads(threads));
	printf("%d children, sum of statuses %d\n", CHILDREN, sum);
}

static void *fork_holding(void *mutex)
{
	pid_t pid;

	pthread_mutex_lock(mutex);
	pid = fork();
	if (pid == 0) {
		pthread_mutex_unlock(mutex);
		proc_work(4);
		_exit(5);
	}
	printf("child of a thread: %d\n", proc_reap(pid));
	pthread_mutex_unlock(mutex);
	return NULL;
}

/* The thread that forks holds a mutex: the child inherits it. */
static void with_held(void)
{
	pthread_mutex_t other = PTHREAD_MUTEX_INITIALIZER;
	pthread_t thread;

	pthread_mutex_lock(&shared);
	pthread_create(&thread, NULL, fork_holding, &other);
	pthread_join(thread, NULL);
	pthread_mutex_unlock(&shared);
	fork_holding(&other);
	proc_count(3);
}

static void prepare(void)
{
	pthread_mutex_lock(&shared);
}

static void release(void)
{
	pthread_mutex_unlock(&shared);
}

static void *fork_some(void *unused)
{
	(void)unused;
	for (int i = 0; i < CHILDREN; i++) {
		pid_t pid = fork();

		if (pid == 0) {
			proc_work(2);
			_exit(i == 0 ? 42 : 0);
		}
		proc_need(proc_reap(pid) == (i == 0 ? 42 : 0), "status");
	}
	return NULL;
}

/* The handlers lock; two threads fork at once. */
static void with_handlers(void)
{
	pthread_t thread;

	pthread_atfork(prepare, release, release);
	pthread_create(&thread, NULL, fork_some, NULL);
	fork_some(NULL);
	pthread_join(thread, NULL);
	proc_count(2 * CHILDREN);
	printf("%d children\n", 2 * CHILDREN);
}

/* Each generation forks in another way. */
static int deep(int depth)
{
	pid_t pid;

	proc_work((unsigned)depth + 1);
	if (depth == 0)
		return 1;
	pid = depth % 2 ? _Fork() : fork();
	if (pid == 0)
		_exit(deep(depth - 1));
	return proc_reap(pid) + 1;
}

static void many(void)
{
	pid_t pids[200];
	int sum = 0;

	for (int i = 0; i < 200; i++) {
		pids[i] = fork();
		if (pids[i] == 0 && i % 2)
			_exit(1);
		if (pids[i] == 0) {
			proc_work(1);
			exit(2);
		}
	}
	for (int i = 0; i < 200; i++)
		sum += proc_reap(pids[i]);
	printf("200 children, sum of statuses %d\n", sum);
}

static volatile sig_atomic_t forks, reaped, is_child;

static bool reap_good(void)
{
	int status = 0;

	if (wait(&status) < 0)
		return false;
	proc_need(status == 0, "child of a handler");
	reaped++;
	return true;
}

/* The child returns from here to whatever was interrupted, be it a record half written. */
static void fork_in_handler(int signal)
{
	int saved = errno;
	pid_t pid;

	(void)signal;
	if (is_child || forks == 20)
		return;
	pid = forks % 2 ? _Fork() : fork();
	if (pid == 0)
		is_child = 1;
	else if (++forks % 2 == 0)
		reap_good();
	errno = saved;
}

static void in_signals(void)
{
	struct itimerval often = {{0, 300}, {0, 300}};

	signal(SIGALRM, fork_in_handler);
	setitimer(ITIMER_REAL, &often, NULL);
	while (forks < 20 && !is_child)
		proc_pairs(100);
	often.it_interval.tv_usec = often.it_value.tv_usec = 0;
	setitimer(ITIMER_REAL, &often, NULL);
	if (is_child) {
		proc_pairs(5);
		_exit(0);
	}
	while (reap_good())
		;
	printf("%d forks, %d reaped\n", (int)forks, (int)reaped);
}

static int share_memory(void *unused)
{
	(void)unused;
	execl("/nonexistent", "x", (char *)NULL);
	_exit(6);
}

/* Children that no hook announces: by a system call; by clone, in the parent's memory. */
static void raw(void)
{
	static char stack[65536] __attribute__((aligned(16)));
	pid_t pid;

	proc_pairs(3);
	for (int i = 0; i < 3; i++) {
		pid = (pid_t)syscall(SYS_fork);
		if (pid == 0) {
			proc_work(6);
			exit(i);
		}
		printf("raw child: %d\n", proc_reap(pid));
		pid = clone(share_memory, stack + sizeof(stack), CLONE_VM | CLONE_VFORK | SIGCHLD,
			    NULL);
		printf("clone: %d\n", proc_reap(pid));
	}
	proc_work(4);
	proc_count(3);
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (!strcmp(what, "threads"))
		with_threads();
	else if (!strcmp(what, "held"))
		with_held();
	else if (!strcmp(what, "atfork"))
		with_handlers();
	else if (!strcmp(what, "deep"))
		printf("%d processes\n", deep(3));
	else if (!strcmp(what, "many"))
		many();
	else if (!strcmp(what, "signal"))
		in_signals();
	else if (!strcmp(what, "raw"))
		raw();
	else
		return 2;
	return 7;
}
