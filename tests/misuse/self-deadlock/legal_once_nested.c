/*
 * Legal: an initialisation that asks for another one, from many threads at once; and for one that
 * is over, by the same function.
 */
#include <pthread.h>
#include <stdlib.h>

enum { THREADS = 4 };

static pthread_once_t outer = PTHREAD_ONCE_INIT, inner = PTHREAD_ONCE_INIT;
static int inner_runs, outer_runs;

static void init_inner(void)
{
	inner_runs++;
}

static void init_outer(void)
{
	pthread_once(&inner, init_inner);
	pthread_once(&inner, init_inner);
	outer_runs++;
}

static void *run(void *arg)
{
	pthread_once(&outer, init_outer);
	pthread_once(&inner, init_inner);
	pthread_once(&outer, init_outer);
	if (inner_runs != 1 || outer_runs != 1)
		abort();
	return arg;
}

int main(void)
{
	pthread_t threads[THREADS];

	for (int i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, run, NULL);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	return 0;
}
