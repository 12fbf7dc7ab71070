/*
 * glibc gives a new thread the pthread_t of one that is gone. Each is joined or detached once,
 * often before the new one has run its first instruction.
 */
#include <pthread.h>
#include <signal.h>
#include <sched.h>

static pthread_barrier_t both;

static void *work(void *arg)
{
	return arg;
}

static void *meet(void *arg)
{
	pthread_barrier_wait(&both);
	return arg;
}

int main(void)
{
	pthread_t thread;

	pthread_barrier_init(&both, NULL, 2);
	for (int i = 0; i < 200; i++) {
		pthread_create(&thread, NULL, work, NULL);
		pthread_join(thread, NULL);
		pthread_create(&thread, NULL, meet, NULL);
		pthread_kill(thread, SIGWINCH);
		pthread_barrier_wait(&both);
		while (pthread_tryjoin_np(thread, NULL))
			sched_yield();
		pthread_create(&thread, NULL, meet, NULL);
		pthread_detach(thread);
		pthread_barrier_wait(&both);
		pthread_create(&thread, NULL, meet, NULL);
		pthread_barrier_wait(&both);
		pthread_cancel(thread); /* it may have ended, but it was not joined */
		pthread_join(thread, NULL);
	}
	pthread_barrier_destroy(&both);
	return 0;
}
