/*
 * A thread that was created detached is joined at once, likely before its first instruction.
 *
 * expect: join-invalid - join_it start_detached error
 */
#include <pthread.h>
#include <semaphore.h>

static sem_t done;

static void *work(void *arg)
{
	sem_wait(&done);
	return arg;
}

static void start_detached(pthread_t *thread)
{
	pthread_attr_t attributes;

	pthread_attr_init(&attributes);
	pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	pthread_create(thread, &attributes, work, NULL);
	pthread_attr_destroy(&attributes);
}

static void join_it(pthread_t thread)
{
	pthread_join(thread, NULL);
}

int main(void)
{
	pthread_t thread;

	sem_init(&done, 0, 0);
	start_detached(&thread);
	join_it(thread);
	sem_post(&done);
	pthread_exit(NULL);
}
