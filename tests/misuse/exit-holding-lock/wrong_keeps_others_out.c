/*
 * A detached thread stops with a lock on purpose, as the program is about to end: a virtual machine
 * does so, to keep others out of its end. Worth knowing, no more.
 *
 * expect: exit-holding-lock lock lock_it start_worker note
 */
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static atomic_int worker;

static void lock_it(void)
{
	pthread_mutex_lock(&lock);
}

static void *work(void *arg)
{
	lock_it();
	worker = gettid();
	return arg;
}

static void start_worker(void)
{
	pthread_t thread;

	pthread_create(&thread, NULL, work, NULL);
	pthread_detach(thread);
}

/* Signal 0 only asks whether the thread is there. */
static void wait_for_its_end(void)
{
	while (!worker || tgkill(getpid(), worker, 0) == 0)
		sched_yield();
}

int main(void)
{
	start_worker();
	wait_for_its_end();
	return 0;
}
