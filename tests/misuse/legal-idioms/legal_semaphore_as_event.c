/*
 * A semaphore is posted by another thread than the one that waited for it: it has no owner, and
 * stands for an event here.
 */
#include <pthread.h>
#include <semaphore.h>

static sem_t asked, answered;

static void *answer(void *unused)
{
	for (int i = 0; i < 3; i++) {
		sem_wait(&asked);
		sem_post(&answered);
	}
	return unused;
}

int main(void)
{
	pthread_t thread;

	sem_init(&asked, 0, 0);
	sem_init(&answered, 0, 0);
	pthread_create(&thread, NULL, answer, NULL);
	for (int i = 0; i < 3; i++) {
		sem_post(&asked);
		sem_wait(&answered);
	}
	pthread_join(thread, NULL);
	sem_destroy(&asked);
	return sem_destroy(&answered);
}
