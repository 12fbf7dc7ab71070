/* A detached thread still writes when the main thread reads; it waits too early. */
#include <semaphore.h>

#include "race.h"

int progress;
sem_t finished, ended;

static void *work(void *unused)
{
	(void)unused;
#ifdef FIXED
	progress = 100;
	sem_post(&finished);
#else
	sem_post(&finished);
	progress = 100;
#endif
	sem_post(&ended); /* so that it is not cut short */
	return NULL;
}

int main(void)
{
	pthread_t thread;

	sem_init(&finished, 0, 0);
	sem_init(&ended, 0, 0);
	pthread_create(&thread, NULL, work, NULL);
	pthread_detach(thread);
	sem_wait(&finished);
	race_use(progress);
	sem_wait(&ended);
	return race_end();
}
