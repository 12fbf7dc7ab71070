/*
 * Two semaphores make two threads take turns, but only one of them was initialised. Being a global
 * variable the other one is all zero, which happens to work as a semaphore of value 0.
 *
 * expect: sem-uninitialised answer answer_it error
 */
#include <pthread.h>
#include <semaphore.h>

static sem_t question, answer;

static void answer_it(void)
{
	sem_post(&answer);
}

static void *serve(void *unused)
{
	sem_wait(&question);
	answer_it();
	return unused;
}

int main(void)
{
	pthread_t thread;

	sem_init(&question, 0, 0);
	pthread_create(&thread, NULL, serve, NULL);
	sem_post(&question);
	pthread_join(thread, NULL);
	sem_wait(&answer);
	sem_destroy(&question);
	return 0;
}
