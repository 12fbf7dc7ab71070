/*
 * A thread is cancelled where it waits, without a cleanup handler: once within pause, with a lock
 * held, and once in pthread_cond_wait, which locks the mutex again before the thread ends.
 *
 * expect: exit-holding-lock held lock_and_pause start_worker warning
 * expect: exit-holding-lock waited_with wait_for_it start_worker warning
 */
#include <pthread.h>
#include <unistd.h>

static pthread_mutex_t held = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t waited_with = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t never = PTHREAD_COND_INITIALIZER;
static pthread_barrier_t both;
static int done;

static void *lock_and_pause(void *arg)
{
	pthread_mutex_lock(&held);
	pthread_barrier_wait(&both);
	for (;;)
		pause();
	return arg;
}

static void *wait_for_it(void *arg)
{
	pthread_mutex_lock(&waited_with);
	pthread_barrier_wait(&both);
	while (!done)
		pthread_cond_wait(&never, &waited_with);
	pthread_mutex_unlock(&waited_with);
	return arg;
}

static void start_worker(pthread_t *thread, void *(*routine)(void *))
{
	pthread_create(thread, NULL, routine, NULL);
}

static void cancel_one(void *(*routine)(void *))
{
	pthread_t thread;

	start_worker(&thread, routine);
	pthread_barrier_wait(&both);
	pthread_cancel(thread);
	pthread_join(thread, NULL);
}

int main(void)
{
	pthread_barrier_init(&both, NULL, 2);
	cancel_one(lock_and_pause);
	cancel_one(wait_for_it);
	pthread_barrier_destroy(&both);
	return 0;
}
