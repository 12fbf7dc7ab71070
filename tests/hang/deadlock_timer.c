/*
 * Two threads take two mutexes in opposite orders. A handler could leave a wait: that of a timer
 *
 *	before     has come, and will not come again, when the circle is closed
 *	after      comes once after that: for a while the circle may yet be opened
 *	periodic   comes again and again, and opens nothing
 *	thread     is a function that libc calls in a thread, likewise
 */
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
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

static void set_periodic(void)
{
	struct itimerval often = {.it_value.tv_usec = 100000, .it_interval.tv_usec = 100000};

	signal(SIGALRM, ring);
	setitimer(ITIMER_REAL, &often, NULL);
}

static void tick(union sigval unused)
{
	(void)unused;
}

static void set_thread(void)
{
	struct sigevent event = {.sigev_notify = SIGEV_THREAD, .sigev_notify_function = tick};
	struct itimerspec often = {.it_value.tv_nsec = 100000000, .it_interval.tv_nsec = 100000000};
	timer_t timer;

	if (timer_create(CLOCK_MONOTONIC, &event, &timer) == 0)
		timer_settime(timer, 0, &often, NULL);
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
	else if (strcmp(hang_variant, "periodic") == 0)
		set_periodic();
	else if (strcmp(hang_variant, "thread") == 0)
		set_thread();
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
