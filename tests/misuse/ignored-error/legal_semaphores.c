/*
 * Legal: an interrupted sem_wait is called again; a semaphore that is an event is emptied until
 * that fails, and then posted by the same thread; a pool whose wait takes too long grows; a handler
 * posts what the thread that it interrupted waits for.
 */
#include <errno.h>
#include <semaphore.h>
#include <signal.h>
#include <stddef.h>
#include <sys/time.h>
#include <time.h>

static sem_t event, pool, wake;
static int interruptions;

static void on_alarm(int signal)
{
	static volatile sig_atomic_t alarms;

	(void)signal;
	if (++alarms == 2)
		sem_post(&wake);
}

static void set_event(void)
{
	while (sem_trywait(&event) == 0)
		continue;
	sem_post(&event);
}

static void take_or_grow(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	if (sem_timedwait(&pool, &now) == -1 && errno == ETIMEDOUT)
		sem_post(&pool);
}

int main(void)
{
	struct sigaction action = {.sa_handler = on_alarm};
	struct itimerval timer = {{0, 2000}, {0, 2000}};

	sem_init(&event, 0, 1);
	sem_init(&pool, 0, 1);
	sem_init(&wake, 0, 0);
	set_event();
	set_event();
	sem_wait(&pool);
	take_or_grow();
	sem_post(&pool); /* what this thread took first: the pool has two now */
	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &timer, NULL);
	while (sem_wait(&wake) == -1 && errno == EINTR)
		interruptions++;
	timer = (struct itimerval){{0, 0}, {0, 0}};
	setitimer(ITIMER_REAL, &timer, NULL);
	return interruptions > 2;
}
