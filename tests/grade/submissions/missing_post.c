/* One post, two waits. */
#include <pthread.h>
#include <stdio.h>
#include <semaphore.h>

static sem_t items;

static void *work(void *unused)
{
	sem_wait(&items);
	sem_wait(&items);
	return unused;
}

int main(void)
{
	pthread_t thread;

	sem_init(&items, 0, 0);
	pthread_create(&thread, NULL, work, NULL);
	sem_post(&items);
	pthread_join(thread, NULL);
	puts("done");
	return 0;
}
