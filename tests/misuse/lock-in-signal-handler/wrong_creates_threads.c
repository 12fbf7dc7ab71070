/*
 * A handler creates a thread, which takes memory and locks inside libc. Main creates threads, too,
 * and the signal may come in the middle of that.
 *
 * expect: lock-in-signal-handler - create_in_handler main warning
 */
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

static volatile sig_atomic_t count;
static pthread_t helper;

static void *work(void *arg)
{
	return arg;
}

static void create_in_handler(int signal)
{
	(void)signal;
	pthread_create(&helper, NULL, work, NULL);
	count++;
}

int main(void)
{
	pthread_t worker;

	signal(SIGALRM, create_in_handler);
	pthread_create(&worker, NULL, work, NULL);
	pthread_join(worker, NULL);
	ualarm(1000, 0);
	while (!count)
		;
	pthread_join(helper, NULL);
	return 0;
}
