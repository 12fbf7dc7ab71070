/*
 * Teaches: a lock makes load, add and store one step for all who take it.
 *
 * Two threads count up, each step under the lock. `sum` is 2000 in every run, and conctrace has
 * nothing to say: not of the accesses either, if it is built for recording them
 * (build/demos/race/lock, or conctrace cc).
 */
#include <pthread.h>
#include <stdio.h>

#define STEPS 1000

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int sum;

static void *count_up(void *unused)
{
	for (int i = 0; i < STEPS; i++) {
		pthread_mutex_lock(&lock);
		sum = sum + 1;
		pthread_mutex_unlock(&lock);
	}
	return unused;
}

int main(void)
{
	pthread_t threads[2];

	for (int i = 0; i < 2; i++)
		pthread_create(&threads[i], NULL, count_up, NULL);
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	printf("sum %d\n", sum);
	return sum == 2 * STEPS ? 0 : 1;
}
