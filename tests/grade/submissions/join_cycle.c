/* Each of two threads waits for the end of the other. */
#include <pthread.h>
#include <stdio.h>

static pthread_t threads[2];
static pthread_barrier_t known;

static void *work(void *other)
{
	pthread_barrier_wait(&known);
	pthread_join(*(pthread_t *)other, NULL);
	return NULL;
}

int main(void)
{
	pthread_barrier_init(&known, NULL, 3);
	pthread_create(&threads[0], NULL, work, &threads[1]);
	pthread_create(&threads[1], NULL, work, &threads[0]);
	pthread_barrier_wait(&known);
	pthread_exit(NULL);
}
