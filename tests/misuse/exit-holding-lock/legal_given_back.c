/*
 * Every way out of a thread unlocks: by return, by cleanup handlers when it is cancelled or calls
 * pthread_exit, by the destructor of a thread-specific value.
 */
#include <pthread.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t never = PTHREAD_COND_INITIALIZER;
static pthread_barrier_t both;
static pthread_key_t key;
static int done;

static void unlock(void *mutex)
{
	pthread_mutex_unlock(mutex);
}

static void *end_by_exit(void *arg)
{
	pthread_mutex_lock(&lock);
	pthread_cleanup_push(unlock, &lock);
	pthread_barrier_wait(&both);
	pthread_exit(arg);
	pthread_cleanup_pop(0);
}

static void *end_within_wait(void *arg)
{
	pthread_mutex_lock(&lock);
	pthread_cleanup_push(unlock, &lock);
	pthread_barrier_wait(&both);
	while (!done)
		pthread_cond_wait(&never, &lock);
	pthread_cleanup_pop(1);
	return arg;
}

static void *end_within_pause(void *arg)
{
	pthread_mutex_lock(&lock);
	pthread_cleanup_push(unlock, &lock);
	pthread_barrier_wait(&both);
	for (;;)
		pause();
	pthread_cleanup_pop(1);
	return arg;
}

static void *end_with_value(void *arg)
{
	pthread_barrier_wait(&both);
	pthread_mutex_lock(&lock);
	pthread_setspecific(key, &lock);
	return arg;
}

static void run(void *(*routine)(void *))
{
	pthread_t thread;

	pthread_create(&thread, NULL, routine, NULL);
	pthread_barrier_wait(&both);
	pthread_cancel(thread);
	pthread_join(thread, NULL);
}

int main(void)
{
	pthread_barrier_init(&both, NULL, 2);
	pthread_key_create(&key, unlock);
	for (int i = 0; i < 20; i++) {
		run(end_by_exit);
		run(end_within_wait);
		run(end_within_pause);
		run(end_with_value);
	}
	pthread_barrier_destroy(&both);
	return 0;
}
