/* A thread's own variable is its own only as long as nobody else has its address. */
#include "race.h"

_Thread_local int own;
int *of_first;
pthread_barrier_t published, finished;
pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void change(int *value)
{
#ifdef FIXED
	pthread_mutex_lock(&lock);
#endif
	(*value)++;
#ifdef FIXED
	pthread_mutex_unlock(&lock);
#endif
}

static void first(void)
{
	of_first = &own;
	pthread_barrier_wait(&published);
	change(&own);
	pthread_barrier_wait(&finished); /* its storage ends with the thread */
}

static void second(void)
{
	pthread_barrier_wait(&published);
	change(of_first);
	pthread_barrier_wait(&finished);
}

int main(void)
{
	pthread_barrier_init(&published, NULL, 2);
	pthread_barrier_init(&finished, NULL, 2);
	race_run(first, second);
	pthread_barrier_destroy(&published);
	pthread_barrier_destroy(&finished);
	return race_end();
}
