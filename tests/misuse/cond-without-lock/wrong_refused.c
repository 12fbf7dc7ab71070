/*
 * An error-checking mutex refuses the wait. Nobody looks at the result, so the thread goes on as if
 * it had been woken. The run survives that: a warning.
 *
 * expect: cond-without-lock ready wait_unlocked warning
 */
#include <pthread.h>

static pthread_mutex_t lock;
static pthread_cond_t ready = PTHREAD_COND_INITIALIZER;

static void wait_unlocked(void)
{
	pthread_cond_wait(&ready, &lock);
}

int main(void)
{
	pthread_mutexattr_t attributes;

	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_ERRORCHECK);
	pthread_mutex_init(&lock, &attributes);
	pthread_mutexattr_destroy(&attributes);
	wait_unlocked();
	pthread_mutex_destroy(&lock);
	pthread_cond_destroy(&ready);
	return 0;
}
