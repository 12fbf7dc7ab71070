/*
 * A thread waits on a condition variable with a mutex that was destroyed; the wait fails at once.
 * Another waits on a destroyed condition variable, until its limit.
 *
 * expect: use-after-destroy mutex wait_with_it destroy_it error
 * expect: use-after-destroy gone wait_on_it destroy_it
 */
#include <pthread.h>
#include <time.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t other = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static pthread_cond_t gone = PTHREAD_COND_INITIALIZER;

static void destroy_it(void)
{
	pthread_mutex_destroy(&mutex);
	pthread_cond_destroy(&gone);
}

static void wait_with_it(void)
{
	pthread_cond_wait(&changed, &mutex);
}

static void wait_on_it(void)
{
	struct timespec past = {1, 0};

	pthread_mutex_lock(&other);
	pthread_cond_timedwait(&gone, &other, &past);
	pthread_mutex_unlock(&other);
}

int main(void)
{
	destroy_it();
	wait_with_it();
	wait_on_it();
	return 0;
}
