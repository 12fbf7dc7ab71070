/* A thousand threads at once, and as many one after the other, each with accesses of its own. */
#include <pthread.h>
#include <stdio.h>

#define THREADS 1000

static long counts[THREADS];
static pthread_barrier_t all;

__attribute__((noinline)) static void count(long *to)
{
	for (int i = 0; i < 100; i++)
		++*(volatile long *)to;
}

static void *together(void *to)
{
	pthread_barrier_wait(&all);
	count(to);
	return NULL;
}

static void *alone(void *to)
{
	count(to);
	return NULL;
}

int main(void)
{
	static pthread_t threads[THREADS];
	pthread_attr_t small;
	long sum = 0;

	pthread_attr_init(&small);
	pthread_attr_setstacksize(&small, 64 << 10);
	pthread_barrier_init(&all, NULL, THREADS);
	for (int i = 0; i < THREADS; i++)
		pthread_create(&threads[i], &small, together, &counts[i]);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	for (int i = 0; i < THREADS; i++) {
		pthread_create(&threads[i], &small, alone, &counts[i]);
		pthread_join(threads[i], NULL);
	}
	for (int i = 0; i < THREADS; i++)
		sum += counts[i];
	printf("%ld\n", sum);
	return 0;
}
