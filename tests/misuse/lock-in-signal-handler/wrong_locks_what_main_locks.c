/*
 * The handler locks a mutex that main locks, too. The signal came while main did not have it: had
 * it come a little earlier, the handler would wait for main, and main for the handler's return.
 *
 * expect: lock-in-signal-handler counters lock_in_handler lock_in_main error
 */
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

static pthread_mutex_t counters = PTHREAD_MUTEX_INITIALIZER;
static int hits;
static volatile sig_atomic_t came;

static void lock_in_handler(int signal)
{
	(void)signal;
	pthread_mutex_lock(&counters);
	hits++;
	pthread_mutex_unlock(&counters);
	came = 1;
}

static void lock_in_main(void)
{
	pthread_mutex_lock(&counters);
	hits++;
	pthread_mutex_unlock(&counters);
}

int main(void)
{
	signal(SIGALRM, lock_in_handler);
	lock_in_main();
	ualarm(1000, 0);
	while (!came)
		;
	lock_in_main();
	return hits != 3;
}
