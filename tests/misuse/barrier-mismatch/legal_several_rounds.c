/*
 * Legal: more threads than the count come, but in whole rounds; a barrier for one lets each pass at
 * once; and a barrier that was destroyed is made anew for another number.
 */
#include <pthread.h>

enum { THREADS = 4 };

static pthread_barrier_t pairs, alone;

static void *run(void *arg)
{
	pthread_barrier_wait(&alone);
	pthread_barrier_wait(&pairs);
	return arg;
}

static void run_all(unsigned count)
{
	pthread_t threads[THREADS];

	pthread_barrier_init(&pairs, NULL, count);
	for (int i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, run, NULL);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	pthread_barrier_destroy(&pairs);
}

int main(void)
{
	pthread_barrier_init(&alone, NULL, 1);
	run_all(2);
	run_all(THREADS);
	pthread_barrier_destroy(&alone);
	return 0;
}
