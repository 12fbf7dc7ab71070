/*
 * A thread that gets signals by sigwait runs no handler: it may do whatever it wants. So may the
 * function that a timer starts in a thread of its own.
 */
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static sigset_t waited_for;
static sem_t fired;

static void *take_signals(void *unused)
{
	int signal;

	sigwait(&waited_for, &signal);
	pthread_mutex_lock(&mutex);
	free(malloc(100));
	printf("signal %d\n", signal);
	pthread_mutex_unlock(&mutex);
	return unused;
}

static void on_timer(union sigval value)
{
	(void)value;
	pthread_mutex_lock(&mutex);
	free(malloc(100));
	pthread_mutex_unlock(&mutex);
	sem_post(&fired);
}

int main(void)
{
	struct sigevent event = {.sigev_notify = SIGEV_THREAD};
	struct itimerspec soon = {.it_value = {.tv_nsec = 1000000}};
	pthread_t thread;
	timer_t timer;

	event.sigev_notify_function = on_timer;
	sem_init(&fired, 0, 0);
	sigemptyset(&waited_for);
	sigaddset(&waited_for, SIGUSR1);
	pthread_sigmask(SIG_BLOCK, &waited_for, NULL);
	pthread_create(&thread, NULL, take_signals, NULL);
	pthread_kill(thread, SIGUSR1);
	pthread_join(thread, NULL);
	if (timer_create(CLOCK_MONOTONIC, &event, &timer) != 0)
		return 1;
	timer_settime(timer, 0, &soon, NULL);
	sem_wait(&fired);
	timer_delete(timer);
	return 0;
}
