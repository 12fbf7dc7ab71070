/*
 * Three threads come to a barrier for two. Two of them go on; the third one begins a round of its
 * own, to which nobody comes.
 *
 * expect: barrier-mismatch meeting run make_it_for_two error
 */
#include <pthread.h>

enum { WORKERS = 3 };

static pthread_barrier_t meeting;

static void *run(void *arg)
{
	pthread_barrier_wait(&meeting);
	return arg;
}

static void make_it_for_two(void)
{
	pthread_barrier_init(&meeting, NULL, 2);
}

int main(void)
{
	pthread_t threads[WORKERS];

	make_it_for_two();
	for (int i = 0; i < WORKERS; i++)
		pthread_create(&threads[i], NULL, run, NULL);
	for (int i = 0; i < WORKERS; i++)
		pthread_join(threads[i], NULL);
	pthread_barrier_destroy(&meeting);
	return 0;
}
