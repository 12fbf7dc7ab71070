/* Timers: what comes back, what they do, and what is refused. */
#include <errno.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t rung;
static sem_t called;

static void say(const char *what, long result)
{
	printf("%s: %ld", what, result);
	if (result < 0)
		printf(" %s", strerrorname_np(errno));
	printf("\n");
}

static void ring(int number)
{
	(void)number;
	rung++;
}

/* Until the signal, which is blocked else, has come so often. */
static void expect(int signal_number, int times)
{
	sigset_t open;

	sigprocmask(SIG_BLOCK, NULL, &open);
	sigdelset(&open, signal_number);
	for (rung = 0; rung < times;)
		sigsuspend(&open);
	printf("rung %d times\n", times);
}

static void alarms(void)
{
	long left;

	say("alarm 100", alarm(100));
	say("alarm 50", alarm(50));
	say("alarm 0", alarm(0));
	say("ualarm", ualarm(900000, 0));
	left = (long)ualarm(0, 0);
	printf("left %d\n", left > 0 && left <= 900000);
	say("ualarm 1", ualarm(1, 0));
	expect(SIGALRM, 1);
	say("ualarm 1.5 s", (int)ualarm(1500000, 0));
	ualarm(0, 0);
}

static void itimers(void)
{
	struct itimerval time = {{3, 0}, {100, 0}}, bad = {{0, 0}, {0, 1000000}};
	struct itimerval often = {{0, 1000}, {0, 1000}}, *volatile null = NULL;
	const struct itimerval *volatile nowhere = (const struct itimerval *)8;
	struct itimerval *volatile same = &time; /* the old one goes where the new one is */

	for (int which = ITIMER_REAL; which <= ITIMER_PROF; which++) {
		time = (struct itimerval){{3, 0}, {100, 0}};
		say("set", setitimer(which, &time, same));
		printf("old %ld %ld\n", (long)time.it_value.tv_sec, (long)time.it_interval.tv_sec);
		say("off", setitimer(which, &time, same));
		printf("old %d %ld\n", time.it_value.tv_sec >= 99, (long)time.it_interval.tv_sec);
	}
	say("bad which", setitimer((__itimer_which_t)77, &time, NULL));
	say("bad time", setitimer(ITIMER_REAL, &bad, NULL));
	say("nowhere", setitimer(ITIMER_REAL, nowhere, NULL));
	say("NULL", setitimer(ITIMER_REAL, null, NULL));
	say("often", setitimer(ITIMER_REAL, &often, NULL));
	expect(SIGALRM, 3);
	say("NULL", setitimer(ITIMER_REAL, null, &time));
	printf("old %ld\n", (long)time.it_interval.tv_usec);
}

static void call(union sigval value)
{
	sem_post(value.sival_ptr);
}

static void refused(timer_t timer)
{
	struct itimerspec bad = {{0, 0}, {0, 1000000000}}, good = {{0, 0}, {100, 0}};
	const struct itimerspec *volatile nowhere = (const struct itimerspec *)8, *volatile null;

	null = NULL;
	say("bad time", timer_settime(timer, 0, &bad, NULL));
	say("nowhere", timer_settime(timer, 0, nowhere, NULL));
	say("NULL", timer_settime(timer, 0, null, NULL));
	say("no timer", timer_settime((timer_t)7777, 0, &good, NULL));
	say("delete no timer", timer_delete((timer_t)7777));
}

static void timers(void)
{
	struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1};
	struct itimerspec time = {{3, 0}, {100, 0}}, soon = {{0, 1000000}, {0, 1000000}};
	struct itimerspec *volatile same = &time;
	struct timespec now;
	timer_t timer;

	if (timer_create(CLOCK_REALTIME, &event, &timer))
		return;
	say("set", timer_settime(timer, 0, &time, same));
	printf("old %ld %ld\n", (long)time.it_value.tv_sec, (long)time.it_interval.tv_sec);
	say("off", timer_settime(timer, 0, &time, same));
	printf("old %d %ld\n", time.it_value.tv_sec >= 99, (long)time.it_interval.tv_sec);
	clock_gettime(CLOCK_REALTIME, &now);
	time = (struct itimerspec){{0, 0}, {now.tv_sec + 1000, 0}};
	say("until", timer_settime(timer, TIMER_ABSTIME, &time, NULL));
	refused(timer);
	say("often", timer_settime(timer, 0, &soon, NULL));
	expect(SIGUSR1, 3);
	time.it_value.tv_sec = now.tv_sec - 1000;
	say("past", timer_settime(timer, TIMER_ABSTIME, &time, NULL));
	expect(SIGUSR1, 1);
	say("delete", timer_delete(timer));
	event = (struct sigevent){.sigev_notify = SIGEV_THREAD,
				  .sigev_value.sival_ptr = &called,
				  .sigev_notify_function = call};
	if (timer_create(CLOCK_MONOTONIC, &event, &timer))
		return;
	soon.it_interval.tv_nsec = 0;
	say("call", timer_settime(timer, 0, &soon, NULL));
	say("called", sem_wait(&called));
	say("delete", timer_delete(timer));
}

int main(void)
{
	struct sigaction action = {.sa_handler = ring};
	sigset_t blocked;

	sem_init(&called, 0, 0);
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGALRM);
	sigaddset(&blocked, SIGUSR1);
	sigprocmask(SIG_BLOCK, &blocked, NULL);
	sigaction(SIGALRM, &action, NULL);
	sigaction(SIGUSR1, &action, NULL);
	alarms();
	itimers();
	timers();
	return 0;
}
