/*
 * Takes two mutexes against their order by trylock, and gives the first back if the second is
 * taken.
 */
#include <pthread.h>
#include <sched.h>

static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER, second = PTHREAD_MUTEX_INITIALIZER;
static pthread_barrier_t taken, tried;

static void *in_order(void *unused)
{
	pthread_mutex_lock(&first);
	pthread_barrier_wait(&taken);
	pthread_barrier_wait(&tried);
	pthread_mutex_lock(&second);
	pthread_mutex_unlock(&second);
	pthread_mutex_unlock(&first);
	return unused;
}

int main(void)
{
	pthread_t thread;

	pthread_barrier_init(&taken, NULL, 2);
	pthread_barrier_init(&tried, NULL, 2);
	pthread_create(&thread, NULL, in_order, NULL);
	pthread_barrier_wait(&taken);
	for (int tries = 0;; tries++) {
		pthread_mutex_lock(&second);
		if (pthread_mutex_trylock(&first) == 0)
			break;
		pthread_mutex_unlock(&second);
		if (tries == 0)
			pthread_barrier_wait(&tried);
		sched_yield();
	}
	pthread_mutex_unlock(&first);
	pthread_mutex_unlock(&second);
	pthread_join(thread, NULL);
	pthread_barrier_destroy(&taken);
	return pthread_barrier_destroy(&tried);
}
