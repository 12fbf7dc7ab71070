/* Each has the left fork before any takes the right one. */
#include <pthread.h>
#include <stdio.h>

enum { SEATS = 3 };

static pthread_mutex_t forks[SEATS] = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER,
				       PTHREAD_MUTEX_INITIALIZER};
static pthread_barrier_t all;

static void *dine(void *left)
{
	pthread_mutex_t *right = forks + ((pthread_mutex_t *)left - forks + 1) % SEATS;

	pthread_mutex_lock(left);
	pthread_barrier_wait(&all);
	pthread_mutex_lock(right);
	return NULL;
}

int main(void)
{
	pthread_t threads[SEATS];

	pthread_barrier_init(&all, NULL, SEATS);
	for (int i = 0; i < SEATS; i++)
		pthread_create(&threads[i], NULL, dine, &forks[i]);
	for (int i = 0; i < SEATS; i++)
		pthread_join(threads[i], NULL);
	puts("done");
	return 0;
}
