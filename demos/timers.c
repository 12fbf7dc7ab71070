/*
 * Teaches: a repeating timer made of one-shot waits drifts; one with fixed deadlines does not.
 *
 * Every 20 ms something is to be done that takes 5 ms. The timer waits on a condition with a time
 * limit, so that an event can stop it at once. Wrong: wait 20 ms from now, again and again; each
 * round then takes 25 ms and more. Right: the next deadline is the last one plus 20 ms.
 *
 *   timers            drifts
 *   timers --fixed    does not
 *
 * Both end well. The first 20 periods are a region: `timing` shows that it takes 0.5 s, where 0.4 s
 * is right.
 */
#include <time.h>

#include "conctrace.h"
#include "common/options.h"
#include <pthread.h>

#define PERIOD_NS 20000000L
#define WORK_NS 5000000L
#define TICKS 20

static struct options options;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t stop_event;
static pthread_cond_t enough = PTHREAD_COND_INITIALIZER;
static bool stopped;
static int ticks;

static struct timespec plus(struct timespec time, long ns)
{
	time.tv_nsec += ns;
	time.tv_sec += time.tv_nsec / 1000000000;
	time.tv_nsec %= 1000000000;
	return time;
}

/* False: the deadline passed. True: the event came before. */
static bool wait_for_stop(const struct timespec *deadline)
{
	int error = 0;

	while (!stopped && error == 0)
		error = pthread_cond_timedwait(&stop_event, &lock, deadline);
	return stopped;
}

static void tick(void)
{
	CONCTRACE_REGION_BEGIN("tick");
	nanosleep(&(struct timespec){.tv_nsec = WORK_NS}, NULL);
	CONCTRACE_REGION_END();
}

static void *timer(void *unused)
{
	struct timespec deadline;

	(void)unused;
	clock_gettime(CLOCK_MONOTONIC, &deadline);
	for (;;) {
		bool stop;

		if (!options.fixed)
			clock_gettime(CLOCK_MONOTONIC, &deadline);
		deadline = plus(deadline, PERIOD_NS);
		pthread_mutex_lock(&lock);
		stop = wait_for_stop(&deadline);
		ticks += !stop;
		if (ticks == TICKS)
			pthread_cond_signal(&enough);
		pthread_mutex_unlock(&lock);
		if (stop)
			return NULL;
		tick();
	}
}

int main(int argc, char **argv)
{
	pthread_condattr_t monotonic;
	pthread_t thread;

	read_options(argc, argv, "f", &options);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&stop_event, &monotonic);
	CONCTRACE_REGION_BEGIN("20 periods");
	if (pthread_create(&thread, NULL, timer, NULL) != 0)
		return 1;
	pthread_mutex_lock(&lock);
	while (ticks < TICKS)
		pthread_cond_wait(&enough, &lock);
	CONCTRACE_REGION_END();
	stopped = true;
	pthread_cond_signal(&stop_event);
	pthread_mutex_unlock(&lock);
	pthread_join(thread, NULL);
	printf("the timer was stopped after at least %d ticks\n", TICKS);
	return ticks >= TICKS ? 0 : 1;
}
