/* Two threads take turns, one told by a semaphore, one by a condition variable. After one good
 * round each waits for the other. */
#include <pthread.h>
#include <semaphore.h>

#include "support/hang.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t answered = PTHREAD_COND_INITIALIZER;
static sem_t asked;
static int answers;

static void *answer(void *unused)
{
	(void)unused;
	for (int i = 0; i < 2; i++) {
		if (i == 1)
			hang_sleep();
		sem_wait(&asked);
		pthread_mutex_lock(&lock);
		answers++;
		pthread_cond_signal(&answered);
		pthread_mutex_unlock(&lock);
	}
	return NULL;
}

static void await_answers(int count)
{
	pthread_mutex_lock(&lock);
	if (count == 2)
		hang_last(1);
	while (answers < count)
		pthread_cond_wait(&answered, &lock);
	pthread_mutex_unlock(&lock);
}

int main(int argc, char **argv)
{
	pthread_t answerer;

	hang_begin(argc, argv);
	sem_init(&asked, 0, 0);
	pthread_create(&answerer, NULL, answer, NULL);
	pthread_mutex_lock(&lock);
	sem_post(&asked);
	while (answers < 1)
		pthread_cond_wait(&answered, &lock);
	pthread_mutex_unlock(&lock);
	if (hang_fixed)
		sem_post(&asked);
	await_answers(2);
	return pthread_join(answerer, NULL);
}
