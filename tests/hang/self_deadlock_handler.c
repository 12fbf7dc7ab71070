/* A signal handler locks what the code that it interrupts holds. */
#include <pthread.h>
#include <signal.h>

#include "support/hang.h"

static pthread_mutex_t counters = PTHREAD_MUTEX_INITIALIZER;
static int hits, signals;

static void count_signal(int number)
{
	(void)number;
	hang_last(0);
	pthread_mutex_lock(&counters);
	signals++;
	pthread_mutex_unlock(&counters);
}

int main(int argc, char **argv)
{
	sigset_t usr1;

	hang_begin(argc, argv);
	signal(SIGUSR1, count_signal);
	sigemptyset(&usr1);
	sigaddset(&usr1, SIGUSR1);
	if (hang_fixed)
		pthread_sigmask(SIG_BLOCK, &usr1, NULL);
	pthread_mutex_lock(&counters);
	hits++;
	raise(SIGUSR1);
	pthread_mutex_unlock(&counters);
	pthread_sigmask(SIG_UNBLOCK, &usr1, NULL);
	return signals != 1 || hits != 1;
}
