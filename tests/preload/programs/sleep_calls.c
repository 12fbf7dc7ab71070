/* Sleeping and giving way: what comes back, on each clock, and errors. */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>

enum { MILLISECOND = 1000000 };

int __nanosleep(const struct timespec *time, struct timespec *left);
int __sched_yield(void);
int old_yield(void); /* which programs older than glibc 2.34 ask for */
__asm__(".symver old_yield, pthread_yield@GLIBC_2.2.5");

static void say(const char *what, long result)
{
	printf("%s: %ld %s\n", what, result, strerrorname_np(errno));
	errno = 0;
}

static void nanosleeps(void)
{
	const struct timespec none = {0, 0}, little = {0, 1000}, high = {0, 1000000000};
	const struct timespec low = {0, -1}, negative = {-1, 0};
	const struct timespec *volatile nowhere = (const struct timespec *)8, *volatile null = NULL;
	struct timespec left = {5, 6};

	say("none", nanosleep(&none, NULL));
	say("little", nanosleep(&little, &left));
	say("__nanosleep", __nanosleep(&little, &left));
	say("too many ns", nanosleep(&high, &left));
	say("too few ns", nanosleep(&low, &left));
	say("negative", nanosleep(&negative, &left));
	say("nowhere", nanosleep(nowhere, &left));
	say("NULL", nanosleep(null, &left));
	printf("left %ld %ld\n", (long)left.tv_sec, left.tv_nsec);
}

/* Not before the time that was asked for. */
static void until_soon(clockid_t clock)
{
	struct timespec end, now;
	int error;

	clock_gettime(clock, &end);
	end.tv_nsec += 2 * MILLISECOND;
	end.tv_sec += end.tv_nsec / 1000000000;
	end.tv_nsec %= 1000000000;
	error = clock_nanosleep(clock, TIMER_ABSTIME, &end, NULL);
	clock_gettime(clock, &now);
	printf("until soon: %d %d\n", error,
	       now.tv_sec > end.tv_sec || (now.tv_sec == end.tv_sec && now.tv_nsec >= end.tv_nsec));
}

static void on_clock(const char *name, clockid_t clock)
{
	const struct timespec past = {1, 0}, little = {0, 1000}, bad = {0, 1000000000};
	const struct timespec negative = {-1, 0};
	const struct timespec *volatile nowhere = (const struct timespec *)8;

	printf("%s\n", name);
	say("little", clock_nanosleep(clock, 0, &little, NULL));
	say("past", clock_nanosleep(clock, TIMER_ABSTIME, &past, NULL));
	say("bad", clock_nanosleep(clock, 0, &bad, NULL));
	say("until bad", clock_nanosleep(clock, TIMER_ABSTIME, &bad, NULL));
	say("until negative", clock_nanosleep(clock, TIMER_ABSTIME, &negative, NULL));
	say("until nowhere", clock_nanosleep(clock, TIMER_ABSTIME, nowhere, NULL));
}

static void handler(int number)
{
	(void)number;
}

static void others(void)
{
	const struct timespec little = {0, 1000}, bad = {0, 1000000000};
	struct itimerval soon = {.it_value = {0, 20000}};

	say("sleep 0", sleep(0));
	say("usleep 0", usleep(0));
	say("usleep 100", usleep(100));
	errno = ENOENT;
	say("usleep, errno before", usleep(1));
	errno = ENOENT;
	say("sleep, errno before", sleep(0));
	say("thrd_sleep", thrd_sleep(&little, NULL));
	say("thrd_sleep, bad", thrd_sleep(&bad, NULL));
	signal(SIGALRM, handler);
	setitimer(ITIMER_REAL, &soon, NULL);
	say("sleep 1, interrupted", sleep(1));
}

static void yields(void)
{
	int result = 0;

	for (int i = 0; i < 1000; i++)
		result |= sched_yield();
	for (int i = 0; i < 10; i++)
		result |= __sched_yield();
	for (int i = 0; i < 7; i++)
		result |= old_yield();
	for (int i = 0; i < 5; i++)
		thrd_yield();
	say("yields", result);
}

/* More than fits in a packet, between other records. */
static void many_yields(void)
{
	pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

	for (int i = 0; i < 30000; i++) {
		pthread_mutex_lock(&mutex);
		pthread_mutex_unlock(&mutex);
		for (int n = 0; n < i % 4; n++)
			sched_yield();
	}
}

int main(void)
{
	errno = 0;
	nanosleeps();
	on_clock("CLOCK_REALTIME", CLOCK_REALTIME);
	on_clock("CLOCK_MONOTONIC", CLOCK_MONOTONIC);
	on_clock("CLOCK_BOOTTIME", CLOCK_BOOTTIME);
	on_clock("CLOCK_TAI", CLOCK_TAI);
	on_clock("CLOCK_REALTIME_COARSE", CLOCK_REALTIME_COARSE);
	on_clock("CLOCK_THREAD_CPUTIME_ID", CLOCK_THREAD_CPUTIME_ID);
	on_clock("none", 77);
	until_soon(CLOCK_REALTIME);
	until_soon(CLOCK_MONOTONIC);
	others();
	yields();
	many_yields();
	return 0;
}
