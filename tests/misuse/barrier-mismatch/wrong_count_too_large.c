/*
 * The barrier is for three: main was counted, but does not come. It joins the two who wait there.
 *
 * expect: barrier-mismatch start_line run count_main_too error
 */
#include <pthread.h>

enum { WORKERS = 2 };

static pthread_barrier_t start_line;

static void *run(void *arg)
{
	pthread_barrier_wait(&start_line);
	return arg;
}

static void count_main_too(void)
{
	pthread_barrier_init(&start_line, NULL, WORKERS + 1);
}

int main(void)
{
	pthread_t threads[WORKERS];

	count_main_too();
	for (int i = 0; i < WORKERS; i++)
		pthread_create(&threads[i], NULL, run, NULL);
	for (int i = 0; i < WORKERS; i++)
		pthread_join(threads[i], NULL);
	pthread_barrier_destroy(&start_line);
	return 0;
}
