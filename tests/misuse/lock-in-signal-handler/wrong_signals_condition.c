/*
 * A handler wakes by a condition variable the thread that it interrupts. pthread_cond_signal is not
 * async-signal-safe: it may find the condition's own lock held by that very pthread_cond_wait.
 *
 * expect: lock-in-signal-handler changed wake_in_handler main warning
 */
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int ready;

static void wake_in_handler(int signal)
{
	(void)signal;
	pthread_cond_signal(&changed);
}

static void *make_ready(void *main_thread)
{
	pthread_mutex_lock(&mutex);
	pthread_kill(*(pthread_t *)main_thread, SIGUSR1);
	ready = 1;
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&mutex);
	return NULL;
}

int main(void)
{
	pthread_t self = pthread_self(), other;

	signal(SIGUSR1, wake_in_handler);
	pthread_mutex_lock(&mutex);
	pthread_create(&other, NULL, make_ready, &self);
	while (!ready)
		pthread_cond_wait(&changed, &mutex);
	pthread_mutex_unlock(&mutex);
	pthread_join(other, NULL);
	return 0;
}
