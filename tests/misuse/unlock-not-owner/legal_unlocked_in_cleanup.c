/*
 * A thread is cancelled in a condition wait: it has the mutex again when its cleanup handler runs,
 * which therefore unlocks it. So it does after a wait whose time is over.
 */
#include <errno.h>
#include <pthread.h>
#include <time.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t never = PTHREAD_COND_INITIALIZER;
static pthread_barrier_t waiting;

static void unlock(void *mutex_to_unlock)
{
	pthread_mutex_unlock(mutex_to_unlock);
}

static int wait_for(const struct timespec *limit)
{
	int error = 0;

	pthread_mutex_lock(&mutex);
	pthread_cleanup_push(unlock, &mutex);
	if (!limit)
		pthread_barrier_wait(&waiting);
	while (error == 0)
		error = limit ? pthread_cond_timedwait(&never, &mutex, limit)
			      : pthread_cond_wait(&never, &mutex);
	pthread_cleanup_pop(1);
	return error;
}

static void *wait_for_ever(void *unused)
{
	wait_for(NULL);
	return unused;
}

int main(void)
{
	pthread_t waiter;
	struct timespec past = {0};

	pthread_barrier_init(&waiting, NULL, 2);
	pthread_create(&waiter, NULL, wait_for_ever, NULL);
	pthread_barrier_wait(&waiting);
	pthread_mutex_lock(&mutex); /* it waits on the condition now */
	pthread_mutex_unlock(&mutex);
	pthread_cancel(waiter);
	pthread_join(waiter, NULL);
	return wait_for(&past) == ETIMEDOUT ? 0 : 1;
}
