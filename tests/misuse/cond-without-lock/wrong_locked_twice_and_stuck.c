/*
 * A recursive mutex is locked by the caller and by the function that waits. The wait gives one of
 * the two back, so whoever is to change what is waited for never gets in: both threads are stuck.
 *
 * expect: cond-without-lock changed wait_inside lock_outside error
 * also: stuck
 */
#include <pthread.h>
#include <stdbool.h>

static pthread_mutex_t lock;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static bool ready;

static void *set_ready(void *arg)
{
	pthread_mutex_lock(&lock);
	ready = true;
	pthread_cond_signal(&changed);
	pthread_mutex_unlock(&lock);
	return arg;
}

static void lock_outside(void)
{
	pthread_mutex_lock(&lock);
}

static void wait_inside(void)
{
	pthread_mutex_lock(&lock);
	while (!ready)
		pthread_cond_wait(&changed, &lock);
	pthread_mutex_unlock(&lock);
}

int main(void)
{
	pthread_mutexattr_t attributes;
	pthread_t setter;

	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE);
	pthread_mutex_init(&lock, &attributes);
	pthread_mutexattr_destroy(&attributes);
	lock_outside();
	pthread_create(&setter, NULL, set_ready, NULL);
	wait_inside();
	pthread_mutex_unlock(&lock);
	pthread_join(setter, NULL);
	return 0;
}
