/*
 * Two threads take two mutexes in opposite orders. A handler could leave a wait: that of a timer
 * has come and will not come again. before   the circle was closed after    so that for a while it
 * may yet be opened
 */
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include "support/hang.h"

static pthread_mutex_t accounts = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t journal = PTHREAD_MUTEX_INITIALIZER;

static void ring(int number)
{
	(void)number;
}

static void set_timer(int us)
{
	struct itimerval time = {.it_value.tv_usec = us};

	signal(SIGALRM, ring);
	setitimer(ITIMER_REAL, &time, NULL);
}

static void await_timer(void)
{
	sigset_t alarm_only, before;

	sigemptyset(&alarm_only);
	sigaddset(&alarm_only, SIGALRM);
	sigprocmask(SIG_BLOCK, &alarm_only, &before);
	set_timer(1000);
	sigsuspend(&before);
	sigprocmask(SIG_SETMASK, &before, NULL);
}

static void *audit(void *unused)
{
	pthread_mutex_t *first = hang_fixed ? &accounts : &journal;
	pthread_mutex_t *second = hang_fixed ? &journal : &accounts;

	(void)unused;
	pthread_mutex_lock(first);
	hang_step(1);
	hang_await(0, 1);
	hang_sleep();
	pthread_mutex_lock(second);
	pthread_mutex_unlock(second);
	pthread_mutex_unlock(first);
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t auditor;

	hang_begin(argc, argv);
	if (strcmp(hang_variant, "before") == 0)
		await_timer();
	else
		set_timer(700000);
	pthread_create(&auditor, NULL, audit, NULL);
	pthread_mutex_lock(&accounts);
	hang_step(0);
	hang_await(1, 1);
	hang_last(1);
	pthread_mutex_lock(&journal);
	pthread_mutex_unlock(&journal);
	pthread_mutex_unlock(&accounts);
	return pthread_join(auditor, NULL);
}
