/*
 * Two threads wait, one signal is sent, and the condition variable is destroyed: the other thread
 * waits on it still. Its wait has a limit, so that the program ends.
 *
 * expect: destroy-busy changed destroy_it wait_for_change error
 */
#include <pthread.h>
#include <semaphore.h>
#include <time.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static sem_t about_to_wait;
static int left = 1;

static void *wait_for_change(void *unused)
{
	struct timespec limit;

	clock_gettime(CLOCK_REALTIME, &limit);
	limit.tv_nsec += 200000000;
	limit.tv_sec += limit.tv_nsec / 1000000000;
	limit.tv_nsec %= 1000000000;
	pthread_mutex_lock(&mutex);
	sem_post(&about_to_wait);
	while (left == 1)
		if (pthread_cond_timedwait(&changed, &mutex, &limit))
			break;
	pthread_mutex_unlock(&mutex);
	return unused;
}

static void destroy_it(void)
{
	pthread_cond_destroy(&changed);
}

int main(void)
{
	pthread_t a, b;

	sem_init(&about_to_wait, 0, 0);
	pthread_create(&a, NULL, wait_for_change, NULL);
	pthread_create(&b, NULL, wait_for_change, NULL);
	sem_wait(&about_to_wait);
	sem_wait(&about_to_wait);
	pthread_mutex_lock(&mutex);
	left = 0;
	pthread_cond_signal(&changed);
	pthread_mutex_unlock(&mutex);
	destroy_it();
	pthread_join(a, NULL);
	return pthread_join(b, NULL);
}
