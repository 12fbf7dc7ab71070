/*
 * Legal: waits with other mutexes, each ended by its limit before the next one begins; and two
 * conditions with two mutexes at the same time.
 */
#include <pthread.h>
#include <semaphore.h>
#include <time.h>

static pthread_mutex_t locks[2] = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER};
static pthread_cond_t conds[2] = {PTHREAD_COND_INITIALIZER, PTHREAD_COND_INITIALIZER};
static sem_t waiting;
static int go[2];

static void wait_until_limit(pthread_cond_t *cond, pthread_mutex_t *mutex)
{
	static const struct timespec past = {1, 0};

	pthread_mutex_lock(mutex);
	pthread_cond_timedwait(cond, mutex, &past);
	pthread_mutex_unlock(mutex);
}

static void *wait_for_go(void *arg)
{
	int *mine = arg;

	pthread_mutex_lock(&locks[mine - go]);
	sem_post(&waiting);
	while (!*mine)
		pthread_cond_wait(&conds[mine - go], &locks[mine - go]);
	pthread_mutex_unlock(&locks[mine - go]);
	return NULL;
}

int main(void)
{
	pthread_t threads[2];

	sem_init(&waiting, 0, 0);
	for (int i = 0; i < 8; i++)
		wait_until_limit(&conds[0], &locks[i % 2]);
	for (int i = 0; i < 2; i++) {
		pthread_create(&threads[i], NULL, wait_for_go, &go[i]);
		sem_wait(&waiting);
		pthread_mutex_lock(&locks[i]); /* it waits now */
		pthread_mutex_unlock(&locks[i]);
	}
	for (int i = 0; i < 2; i++) {
		pthread_mutex_lock(&locks[i]);
		go[i] = 1;
		pthread_cond_broadcast(&conds[i]);
		pthread_mutex_unlock(&locks[i]);
	}
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	sem_destroy(&waiting);
	return 0;
}
