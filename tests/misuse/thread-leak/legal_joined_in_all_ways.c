/*
 * Threads are joined once each: by who created them, by another one, with a time limit that ran out
 * before, by pthread_tryjoin_np until it succeeds; by exit handlers, when main has returned.
 */
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <threads.h>
#include <time.h>

static pthread_t last;

static void *work(void *arg)
{
	return arg;
}

static int work_c11(void *arg)
{
	(void)arg;
	return 0;
}

static void *join_it(void *thread)
{
	pthread_join(*(pthread_t *)thread, NULL);
	return NULL;
}

static void join_with_limits(pthread_t thread)
{
	for (struct timespec limit = {.tv_sec = 1};; clock_gettime(CLOCK_REALTIME, &limit))
		if (pthread_timedjoin_np(thread, NULL, &limit) == 0)
			return;
}

static void join_last(void)
{
	pthread_join(last, NULL);
}

int main(void)
{
	pthread_t thread, joiner;
	thrd_t c11;

	atexit(join_last);
	for (int i = 0; i < 20; i++) {
		pthread_create(&thread, NULL, work, NULL);
		pthread_create(&joiner, NULL, join_it, &thread);
		pthread_join(joiner, NULL);
		pthread_create(&thread, NULL, work, NULL);
		while (pthread_tryjoin_np(thread, NULL))
			sched_yield();
		pthread_create(&thread, NULL, work, NULL);
		join_with_limits(thread);
		thrd_create(&c11, work_c11, NULL);
		thrd_join(c11, NULL);
	}
	pthread_create(&last, NULL, work, NULL);
	return 0;
}
