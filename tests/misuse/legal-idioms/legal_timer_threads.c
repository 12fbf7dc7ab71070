/*
 * A timer with SIGEV_THREAD: glibc starts a detached thread for each expiry, which may do all that
 * threads may.
 */
#include <pthread.h>
#include <signal.h>
#include <time.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int rings;

static void ring(union sigval value)
{
	(void)value;
	pthread_mutex_lock(&mutex);
	rings++;
	pthread_cond_signal(&changed);
	pthread_mutex_unlock(&mutex);
}

int main(void)
{
	struct sigevent event = {.sigev_notify = SIGEV_THREAD, .sigev_notify_function = ring};
	struct itimerspec times = {.it_value.tv_nsec = 5000000, .it_interval.tv_nsec = 5000000};
	timer_t timer;

	if (timer_create(CLOCK_MONOTONIC, &event, &timer) != 0)
		return 1;
	timer_settime(timer, 0, &times, NULL);
	pthread_mutex_lock(&mutex);
	while (rings < 3)
		pthread_cond_wait(&changed, &mutex);
	pthread_mutex_unlock(&mutex);
	return timer_delete(timer);
}
