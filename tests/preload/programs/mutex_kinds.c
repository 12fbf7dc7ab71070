/* Mutexes of every type, by one thread: results and records. */
#include "calls_thread.h"

#define LOCK(m, result, records) CALL(m, 0, pthread_mutex_lock, (m), result, records)
#define TRYLOCK(m, result, records) CALL(m, 0, pthread_mutex_trylock, (m), result, records)
#define UNLOCK(m, result, records) CALL(m, 0, pthread_mutex_unlock, (m), result, records)
#define DESTROY(m, result, records) CALL(m, 0, pthread_mutex_destroy, (m), result, records)

static pthread_mutex_t mutex;

static pthread_mutex_t *init(int type, int protocol)
{
	pthread_mutexattr_t a;

	pthread_mutexattr_init(&a);
	pthread_mutexattr_settype(&a, type);
	pthread_mutexattr_setprotocol(&a, protocol);
	CALL(&mutex, type | protocol << 10, pthread_mutex_init, (&mutex, &a), 0, "-");
	pthread_mutexattr_destroy(&a);
	return &mutex;
}

/* PTHREAD_MUTEX_NORMAL and ADAPTIVE: nobody asks who the owner is. */
static void plain(pthread_mutex_t *m)
{
	LOCK(m, 0, "-");
	TRYLOCK(m, EBUSY, "try!");
	DESTROY(m, EBUSY, "- -!");
	CALL(m, 0, pthread_mutex_consistent, (m), EINVAL, "- -!");
	UNLOCK(m, 0, "-");
	TRYLOCK(m, 0, "try");
	UNLOCK(m, 0, "-");
	DESTROY(m, 0, "-");
	LOCK(m, EINVAL, "request,destroyed blocked,destroyed!"); /* as glibc says */
	TRYLOCK(m, EINVAL, "try,destroyed!");
}

static void recursive(pthread_mutex_t *m)
{
	LOCK(m, 0, "-");
	LOCK(m, 0, "-");
	TRYLOCK(m, 0, "try");
	UNLOCK(m, 0, "-");
	UNLOCK(m, 0, "-");
	UNLOCK(m, 0, "-");
	UNLOCK(m, EPERM, "- -!");
	DESTROY(m, 0, "-");
}

/* Not tried first: each lock has a request. `held` is what trylock says of it to its owner. */
static void error_checking(pthread_mutex_t *m, int held)
{
	LOCK(m, 0, "request blocked");
	LOCK(m, EDEADLK, "request blocked!");
	TRYLOCK(m, held, "try!");
	CALL(m, 0, pthread_mutex_timedlock, (m, &calls_past), EDEADLK,
	     "request,timed blocked,timed!");
	UNLOCK(m, 0, "-");
	UNLOCK(m, EPERM, "- -!");
	DESTROY(m, 0, "-");
}

static void limit_on(pthread_mutex_t *m, clockid_t clock)
{
	struct timespec soon = calls_in(clock, 20);

	CALL(m, 0, pthread_mutex_clocklock, (m, clock, &soon), ETIMEDOUT,
	     "request,timed blocked,timed!");
	CALLS_IS(calls_over(clock, &soon), 1);
	CALL(m, 0, pthread_mutex_clocklock, (m, clock, &calls_past), ETIMEDOUT,
	     "request,timed blocked,timed!");
	CALL(m, 0, pthread_mutex_clocklock, (m, clock, &calls_invalid), EINVAL,
	     "request,timed blocked,timed!");
	CALL(m, 0, pthread_mutex_clocklock, (m, clock, &calls_negative), EINVAL,
	     "request,timed blocked,timed!");
}

static void limits(void)
{
	static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
	struct timespec soon;

	/* a free mutex is taken whatever the limit is */
	CALL(&m, 0, pthread_mutex_timedlock, (&m, &calls_past), 0, "request,timed blocked,timed");
	soon = calls_in(CLOCK_REALTIME, 20);
	CALL(&m, 0, pthread_mutex_timedlock, (&m, &soon), ETIMEDOUT,
	     "request,timed blocked,timed!");
	CALLS_IS(calls_over(CLOCK_REALTIME, &soon), 1);
	CALL(&m, 0, pthread_mutex_timedlock, (&m, &calls_past), ETIMEDOUT,
	     "request,timed blocked,timed!");
	CALL(&m, 0, pthread_mutex_timedlock, (&m, &calls_invalid), EINVAL,
	     "request,timed blocked,timed!");
	limit_on(&m, CLOCK_REALTIME);
	limit_on(&m, CLOCK_MONOTONIC);
	UNLOCK(&m, 0, "-");
	CALL(&m, 0, pthread_mutex_clocklock, (&m, CLOCK_MONOTONIC, &calls_past), 0,
	     "request,timed blocked,timed");
	UNLOCK(&m, 0, "-");
	CALL(&m, 0, pthread_mutex_clocklock, (&m, CLOCK_PROCESS_CPUTIME_ID, &calls_past), EINVAL,
	     "request,timed blocked,timed!");
	DESTROY(&m, 0, "-");
}

int main(void)
{
	pthread_mutex_t zero;

	CALL(&zero, 0, pthread_mutex_init, (&zero, NULL), 0, "-");
	plain(&zero);
	plain(init(PTHREAD_MUTEX_NORMAL, PTHREAD_PRIO_NONE));
	plain(init(PTHREAD_MUTEX_ADAPTIVE_NP, PTHREAD_PRIO_NONE));
	recursive(init(PTHREAD_MUTEX_RECURSIVE, PTHREAD_PRIO_NONE));
	error_checking(init(PTHREAD_MUTEX_ERRORCHECK, PTHREAD_PRIO_NONE), EBUSY);
	error_checking(init(PTHREAD_MUTEX_ERRORCHECK, PTHREAD_PRIO_INHERIT), EDEADLK);
	limits();
	return calls_end();
}
