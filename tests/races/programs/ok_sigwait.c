/* What is written before a signal is sent is read by who waits for it: sigwait and signalfd. */
#include <signal.h>
#include <stdlib.h>
#include <sys/signalfd.h>

#include "race.h"

int values[2];
pthread_t waiter;

static void *wait_for_signals(void *set)
{
	struct signalfd_siginfo info;
	int descriptor = signalfd(-1, set, 0), number;

	sigwait(set, &number);
	race_use(values[0]);
	if (read(descriptor, &info, sizeof(info)) != sizeof(info))
		abort();
	race_use(values[1]);
	return NULL;
}

int main(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigaddset(&set, SIGUSR2);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	pthread_create(&waiter, NULL, wait_for_signals, &set);
	values[0] = 1;
	pthread_kill(waiter, SIGUSR1);
	values[1] = 2;
	pthread_kill(waiter, SIGUSR2);
	pthread_join(waiter, NULL);
	return race_end();
}
