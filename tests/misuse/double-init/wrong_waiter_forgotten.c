/*
 * A condition variable is initialised again while a thread waits on it: that thread is forgotten,
 * and no signal reaches it any more. Its wait has a limit, so that the program ends.
 *
 * expect: double-init changed init_it wait_for_change error
 */
#include <pthread.h>
#include <semaphore.h>
#include <time.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static sem_t about_to_wait;

static void init_it(void)
{
	pthread_cond_init(&changed, NULL);
}

static void *wait_for_change(void *unused)
{
	struct timespec limit;

	clock_gettime(CLOCK_REALTIME, &limit);
	limit.tv_nsec += 200000000;
	limit.tv_sec += limit.tv_nsec / 1000000000;
	limit.tv_nsec %= 1000000000;
	pthread_mutex_lock(&mutex);
	sem_post(&about_to_wait);
	while (pthread_cond_timedwait(&changed, &mutex, &limit) == 0)
		;
	pthread_mutex_unlock(&mutex);
	return unused;
}

int main(void)
{
	pthread_t thread;

	sem_init(&about_to_wait, 0, 0);
	pthread_create(&thread, NULL, wait_for_change, NULL);
	sem_wait(&about_to_wait);
	pthread_mutex_lock(&mutex);
	init_it();
	pthread_mutex_unlock(&mutex);
	return pthread_join(thread, NULL);
}
