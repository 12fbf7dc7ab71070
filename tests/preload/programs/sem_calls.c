/* Semaphores of a process: results, errno and records, with limits, signals, cancellation,
 * processes. */
#include <limits.h>
#include <semaphore.h>

#include "calls_thread.h"

#define WAIT(s, result, records) CALL(s, 0, sem_wait, (s), result, records)
#define TRYWAIT(s, result, records) CALL(s, 0, sem_trywait, (s), result, records)
#define POST(s) CALL(s, 0, sem_post, (s), 0, "-")
#define TIMED(s, function, arguments, result)                                                      \
	CALL(s, 0, function, arguments, result,                                                    \
	     (result) != 0 ? "request,timed blocked,timed!" : "request,timed blocked,timed")

static sem_t sem;

static int value_of(sem_t *s)
{
	int value = -1;

	sem_getvalue(s, &value);
	return value;
}

static void limit_on(clockid_t clock)
{
	struct timespec soon = calls_in(clock, 20);

	TIMED(&sem, sem_clockwait, (&sem, clock, &soon), ETIMEDOUT);
	CALLS_IS(calls_over(clock, &soon), 1);
	TIMED(&sem, sem_clockwait, (&sem, clock, &calls_past), ETIMEDOUT);
	TIMED(&sem, sem_clockwait, (&sem, clock, &calls_invalid), EINVAL);
	TIMED(&sem, sem_clockwait, (&sem, clock, &calls_negative), EINVAL);
}

static void alone(void)
{
	struct timespec soon;

	CALL(&sem, 0, sem_init, (&sem, 0, (unsigned)SEM_VALUE_MAX + 1), EINVAL, "-!");
	CALL(&sem, SEM_VALUE_MAX, sem_init, (&sem, 0, SEM_VALUE_MAX), 0, "-");
	CALL(&sem, 0, sem_post, (&sem), EOVERFLOW, "- -!");
	CALL(&sem, 3, sem_init, (&sem, 0, 3), 0, "-");
	WAIT(&sem, 0, "-");
	TRYWAIT(&sem, 0, "try");
	TIMED(&sem, sem_timedwait, (&sem, &calls_past), 0);
	TRYWAIT(&sem, EAGAIN, "try!");
	POST(&sem);
	TIMED(&sem, sem_clockwait, (&sem, CLOCK_MONOTONIC, &calls_past), 0);
	CALLS_IS(value_of(&sem), 0);
	soon = calls_in(CLOCK_REALTIME, 20);
	TIMED(&sem, sem_timedwait, (&sem, &soon), ETIMEDOUT);
	CALLS_IS(calls_over(CLOCK_REALTIME, &soon), 1);
	TIMED(&sem, sem_timedwait, (&sem, &calls_past), ETIMEDOUT);
	TIMED(&sem, sem_timedwait, (&sem, &calls_invalid), EINVAL);
	TIMED(&sem, sem_timedwait, (&sem, &calls_negative), EINVAL);
	limit_on(CLOCK_REALTIME);
	limit_on(CLOCK_MONOTONIC);
	TIMED(&sem, sem_clockwait, (&sem, CLOCK_PROCESS_CPUTIME_ID, &calls_past), EINVAL);
	CALL(&sem, 0, sem_destroy, (&sem), 0, "-");
}

/* By `kind`: sem_wait, sem_timedwait, sem_clockwait. */
static void wait_by(int kind, int result)
{
	const struct timespec limit = calls_in(kind == 1 ? CLOCK_REALTIME : CLOCK_MONOTONIC, 60000);

	if (kind == 0)
		WAIT(&sem, result, result ? "request blocked!" : "request blocked");
	else if (kind == 1)
		TIMED(&sem, sem_timedwait, (&sem, &limit), result);
	else
		TIMED(&sem, sem_clockwait, (&sem, CLOCK_MONOTONIC, &limit), result);
}

static void *wait_posted(void *kind)
{
	calls_will_sleep();
	wait_by(*(int *)kind, 0);
	return NULL;
}

static void *wait_interrupted(void *kind)
{
	calls_will_sleep();
	wait_by(*(int *)kind, EINTR);
	return NULL;
}

static void *wait_cancelled(void *kind)
{
	static const char *const names[] = {"sem_wait", "sem_timedwait", "sem_clockwait"};
	int i = *(int *)kind;
	const struct timespec limit = calls_in(i == 1 ? CLOCK_REALTIME : CLOCK_MONOTONIC, 60000);

	calls_expect(names[i], (uintptr_t)&sem, 0, ECANCELED,
		     i ? "request,timed blocked,timed!" : "request blocked!");
	calls_will_sleep();
	if (i == 0)
		sem_wait(&sem);
	else if (i == 1)
		sem_timedwait(&sem, &limit);
	else
		sem_clockwait(&sem, CLOCK_MONOTONIC, &limit);
	return NULL;
}

/* A point of cancellation even if there is something to take: sem_wait then leaves no record. */
static void *wait_asked_before(void *kind)
{
	int i = *(int *)kind;

	CALL(pthread_self(), 0, pthread_cancel, (pthread_self()), 0, "-");
	if (i == 0) {
		sem_wait(&sem);
	} else {
		calls_expect("sem_timedwait", (uintptr_t)&sem, 0, ECANCELED,
			     "request,timed blocked,timed!");
		sem_timedwait(&sem, &calls_past);
	}
	return NULL;
}

static void threads(void)
{
	struct calls_thread thread;

	CALL(&sem, 0, sem_init, (&sem, 0, 0), 0, "-");
	for (int kind = 0; kind < 3; kind++) {
		calls_start_asleep(&thread, wait_posted, &kind);
		POST(&sem);
		calls_join(&thread, NULL);
		calls_handle(0);
		calls_start_asleep(&thread, wait_interrupted, &kind);
		calls_interrupt(&thread);
		calls_join(&thread, NULL);
		calls_start_asleep(&thread, wait_cancelled, &kind);
		calls_cancel(&thread);
		calls_join(&thread, PTHREAD_CANCELED);
	}
	calls_handle(SA_RESTART); /* the wait goes on */
	calls_start_asleep(&thread, wait_posted, &(int){0});
	calls_interrupt(&thread);
	asleep_wait(thread.tid);
	POST(&sem);
	calls_join(&thread, NULL);
	POST(&sem);
	for (int kind = 0; kind < 2; kind++) {
		calls_start(&thread, wait_asked_before, &kind);
		calls_join(&thread, PTHREAD_CANCELED);
		CALLS_IS(value_of(&sem), 1);
	}
	TRYWAIT(&sem, 0, "try");
}

static void post_from_handler(int number)
{
	POST(&sem);
	calls_count_signal(number);
}

/* The records of the handler stand between those of the call that it interrupted. */
static void *wait_for_handler(void *result)
{
	int error = *(int *)result;

	calls_expect("sem_wait", (uintptr_t)&sem, 0, 0, "request");
	calls_will_sleep();
	CALLS_IS(sem_wait(&sem) ? errno : 0, error);
	calls_expect("sem_wait", (uintptr_t)&sem, 0, error, error ? "blocked!" : "blocked");
	return NULL;
}

static void handlers(void)
{
	struct sigaction action = {.sa_handler = post_from_handler};
	struct calls_thread thread;

	sigaction(SIGUSR1, &action, NULL);
	calls_start_asleep(&thread, wait_for_handler, &(int){EINTR});
	calls_interrupt(&thread);
	calls_join(&thread, NULL);
	TRYWAIT(&sem, 0, "try");
	action.sa_flags = SA_RESTART;
	sigaction(SIGUSR1, &action, NULL);
	calls_start_asleep(&thread, wait_for_handler, &(int){0});
	calls_interrupt(&thread);
	calls_join(&thread, NULL);
	CALLS_IS(value_of(&sem), 0);
}

static void child_waits(void *s)
{
	WAIT(s, 0, "request blocked");
}

static void post_when_asleep(void *s, pid_t child)
{
	asleep_wait(child);
	POST(s);
}

int main(void)
{
	sem_t *shared = calls_shared(sizeof(*shared));

	alone();
	threads();
	handlers();
	CALL(shared, 1ULL << 32, sem_init, (shared, 1, 0), 0, "-");
	calls_fork(child_waits, post_when_asleep, shared);
	CALL(shared, 0, sem_destroy, (shared), 0, "-");
	return calls_end();
}
