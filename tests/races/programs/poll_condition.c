/* The predicate of a condition variable is set under the mutex, but polled without it. */
#include <sched.h>

#include "race.h"

int jobs;
pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
pthread_cond_t arrived = PTHREAD_COND_INITIALIZER;

static void produce(void)
{
	pthread_mutex_lock(&lock);
	jobs = 1;
	pthread_cond_signal(&arrived);
	pthread_mutex_unlock(&lock);
}

static void consume(void)
{
#ifdef FIXED
	pthread_mutex_lock(&lock);
	while (!jobs)
		pthread_cond_wait(&arrived, &lock);
	pthread_mutex_unlock(&lock);
#else
	while (!jobs)
		sched_yield();
#endif
}

int main(void)
{
	race_run(produce, consume);
	return race_end();
}
