/*
 * Threads that nobody joins, and need not: detached by attribute, by whoever created them (before
 * or after their first instruction, also after their end), by themselves.
 */
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <threads.h>
#include <unistd.h>

static atomic_int running;

static void *work(void *arg)
{
	atomic_store(&running, (int)syscall(SYS_gettid));
	return arg;
}

static void *work_detached(void *arg)
{
	pthread_detach(pthread_self());
	return work(arg);
}

static int work_c11(void *arg)
{
	work(arg);
	return 0;
}

static void wait_for_its_end(void)
{
	while (!atomic_load(&running))
		sched_yield();
	while (syscall(SYS_tgkill, getpid(), atomic_load(&running), 0) == 0)
		sched_yield();
	atomic_store(&running, 0);
}

int main(void)
{
	pthread_attr_t detached;
	pthread_t thread;
	thrd_t c11;

	pthread_attr_init(&detached);
	pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
	for (int i = 0; i < 50; i++) {
		pthread_create(&thread, &detached, work, NULL);
		wait_for_its_end();
		pthread_create(&thread, NULL, work, NULL);
		pthread_detach(thread); /* it may not have begun to run */
		wait_for_its_end();
		pthread_create(&thread, NULL, work_detached, NULL);
		wait_for_its_end();
		pthread_create(&thread, NULL, work, NULL);
		wait_for_its_end();
		pthread_detach(thread);
		thrd_create(&c11, work_c11, NULL);
		thrd_detach(c11);
		wait_for_its_end();
	}
	pthread_attr_destroy(&detached);
	return 0;
}
