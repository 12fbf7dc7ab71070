/*
 * Legal without a loop: a flusher that is woken for nothing writes nothing, and one that leaves the
 * mutex after the wait tests at the next turn.
 *
 * cc: races
 */
#include <pthread.h>
#include <semaphore.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static sem_t waiting;
static int pending, items = 1;

static void flush(void)
{
	pending = 0;
}

static void *run_flusher(void *arg)
{
	pthread_mutex_lock(&lock);
	sem_post(&waiting);
	if (!pending)
		pthread_cond_wait(&changed, &lock);
	flush();
	pthread_mutex_unlock(&lock);
	return arg;
}

static int try_to_take(void)
{
	int taken = 0;

	pthread_mutex_lock(&lock);
	sem_post(&waiting);
	if (items == 0)
		pthread_cond_wait(&changed, &lock);
	else
		taken = items--;
	pthread_mutex_unlock(&lock);
	return taken;
}

static void *run_taker(void *arg)
{
	while (!try_to_take())
		continue;
	return arg;
}

static void wake(pthread_t thread)
{
	pthread_mutex_lock(&lock);
	pending = 1;
	items++;
	pthread_cond_signal(&changed);
	flush();
	pthread_mutex_unlock(&lock);
	pthread_join(thread, NULL);
}

int main(void)
{
	pthread_t thread;

	sem_init(&waiting, 0, 0);
	pthread_create(&thread, NULL, run_flusher, NULL);
	sem_wait(&waiting);
	wake(thread);
	pthread_mutex_lock(&lock);
	items = 0;
	pthread_mutex_unlock(&lock);
	pthread_create(&thread, NULL, run_taker, NULL);
	sem_wait(&waiting);
	wake(thread);
	sem_destroy(&waiting);
	return 0;
}
