/*
 * The waiter has forgotten to lock. Meanwhile another thread holds the mutex: the wait unlocks it
 * under that thread's hands.
 *
 * expect: cond-without-lock ready wait_unlocked lock_it error
 */
#include <pthread.h>
#include <semaphore.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t ready = PTHREAD_COND_INITIALIZER;
static sem_t locked;

static void lock_it(void)
{
	pthread_mutex_lock(&lock);
}

static void *holder(void *arg)
{
	lock_it();
	sem_post(&locked);
	/* until the waiter has given the mutex away that is held here, and takes part in nothing */
	while (pthread_mutex_trylock(&lock))
		continue;
	pthread_cond_signal(&ready);
	pthread_mutex_unlock(&lock);
	return arg;
}

static void wait_unlocked(void)
{
	pthread_cond_wait(&ready, &lock);
}

int main(void)
{
	pthread_t thread;

	sem_init(&locked, 0, 0);
	pthread_create(&thread, NULL, holder, NULL);
	sem_wait(&locked);
	wait_unlocked();
	pthread_mutex_unlock(&lock);
	pthread_join(thread, NULL);
	sem_destroy(&locked);
	return 0;
}
