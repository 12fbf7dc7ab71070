/*
 * The signal is blocked but for the wait in sigsuspend, which is all that its handler can
 * interrupt: it may print, allocate and lock.
 */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int count;

static void on_alarm(int signal)
{
	pthread_mutex_lock(&mutex);
	printf("signal %d\n", signal);
	free(malloc(100));
	count++;
	pthread_mutex_unlock(&mutex);
}

int main(void)
{
	sigset_t alarms, before;

	sigemptyset(&alarms);
	sigaddset(&alarms, SIGALRM);
	sigprocmask(SIG_BLOCK, &alarms, &before);
	signal(SIGALRM, on_alarm);
	for (int i = 1; i <= 2; i++) {
		printf("wait\n");
		ualarm(1000, 0);
		while (count < i)
			sigsuspend(&before);
		pthread_mutex_lock(&mutex);
		pthread_mutex_unlock(&mutex);
	}
	return 0;
}
