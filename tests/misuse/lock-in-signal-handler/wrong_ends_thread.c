/*
 * The handler ends its thread by pthread_exit, wherever it is: that may be where it locks. What
 * comes of that, by libgcc as it unwinds and by the cleanup, is not told on top.
 *
 * expect: lock-in-signal-handler - end_thread compute warning
 */
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t ends = PTHREAD_MUTEX_INITIALIZER;

static void clean_up(void *unused)
{
	(void)unused;
	pthread_mutex_lock(&ends);
	pthread_mutex_unlock(&ends);
}

static void end_thread(int signal)
{
	(void)signal;
	pthread_cleanup_push(clean_up, NULL);
	pthread_exit(NULL);
	pthread_cleanup_pop(0);
}

static void *compute(void *unused)
{
	sigset_t alarm;

	signal(SIGALRM, end_thread);
	sigemptyset(&alarm);
	sigaddset(&alarm, SIGALRM);
	pthread_sigmask(SIG_UNBLOCK, &alarm, NULL);
	pthread_mutex_lock(&lock);
	pthread_mutex_unlock(&lock);
	ualarm(1000, 0);
	for (;;)
		;
	return unused;
}

int main(void)
{
	sigset_t alarm;
	pthread_t thread;

	sigemptyset(&alarm);
	sigaddset(&alarm, SIGALRM);
	pthread_sigmask(SIG_BLOCK, &alarm, NULL);
	pthread_create(&thread, NULL, compute, NULL);
	pthread_join(thread, NULL);
	return 0;
}
