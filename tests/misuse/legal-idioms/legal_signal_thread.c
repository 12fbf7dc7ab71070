/*
 * All signals are blocked but where a thread waits for them: sigwait in a thread that then takes
 * locks and prints, as it is no handler; a handler that prints, but comes only in sigsuspend, so
 * that it interrupts nothing; and one that is called by raise.
 */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static sigset_t handled;
static volatile sig_atomic_t done;

static void *wait_for_signals(void *unused)
{
	int signal;

	for (int i = 0; i < 2; i++) {
		sigwait(&handled, &signal);
		pthread_mutex_lock(&mutex);
		printf("signal %d\n", signal);
		pthread_mutex_unlock(&mutex);
	}
	return unused;
}

static void print(int signal)
{
	printf("handler %d\n", signal);
	done = 1;
}

int main(void)
{
	pthread_t thread;
	sigset_t before;

	sigemptyset(&handled);
	sigaddset(&handled, SIGUSR1);
	sigaddset(&handled, SIGUSR2);
	pthread_sigmask(SIG_BLOCK, &handled, &before);
	pthread_create(&thread, NULL, wait_for_signals, NULL);
	pthread_kill(thread, SIGUSR1);
	pthread_kill(thread, SIGUSR2);
	pthread_join(thread, NULL);
	signal(SIGUSR1, print);
	pthread_kill(pthread_self(), SIGUSR1);
	while (!done)
		sigsuspend(&before);
	signal(SIGTERM, print);
	return raise(SIGTERM);
}
