/*
 * The handler locks what main locks, and prints as main does: main blocks the signal meanwhile, so
 * that it comes between, where nothing of the kind is going on.
 */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static volatile sig_atomic_t count;

static void on_alarm(int signal)
{
	pthread_mutex_lock(&mutex);
	printf("signal %d\n", signal);
	count++;
	pthread_mutex_unlock(&mutex);
}

int main(void)
{
	struct sigaction action = {.sa_handler = on_alarm};
	sigset_t alarms;

	sigemptyset(&alarms);
	sigaddset(&alarms, SIGALRM);
	sigaction(SIGALRM, &action, NULL);
	for (int i = 1; i <= 2; i++) {
		pthread_sigmask(SIG_BLOCK, &alarms, NULL);
		pthread_mutex_lock(&mutex);
		printf("round %d\n", i);
		pthread_mutex_unlock(&mutex);
		ualarm(1000, 0);
		pthread_sigmask(SIG_UNBLOCK, &alarms, NULL);
		while (count < i)
			;
	}
	pthread_sigmask(SIG_BLOCK, &alarms, NULL);
	printf("done\n");
	return 0;
}
