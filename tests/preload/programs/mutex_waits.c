/* Mutexes that others hold: waits, signals, cancellation, owners that die, processes. */
#include "calls_thread.h"

#define LOCK(m, result, records) CALL(m, 0, pthread_mutex_lock, (m), result, records)
#define UNLOCK(m, result, records) CALL(m, 0, pthread_mutex_unlock, (m), result, records)

static void init(pthread_mutex_t *m, int type, int shared, int robust, int protocol)
{
	pthread_mutexattr_t a;

	pthread_mutexattr_init(&a);
	pthread_mutexattr_settype(&a, type);
	pthread_mutexattr_setpshared(&a, shared);
	pthread_mutexattr_setrobust(&a, robust);
	pthread_mutexattr_setprotocol(&a, protocol);
	CALL(m, type | shared << 8 | robust << 9 | protocol << 10, pthread_mutex_init, (m, &a), 0,
	     "-");
	pthread_mutexattr_destroy(&a);
}

static void *lock(void *m)
{
	calls_will_sleep();
	LOCK(m, 0, "request blocked");
	UNLOCK(m, 0, "-");
	return m;
}

static void *timed_lock(void *m)
{
	struct timespec limit = calls_in(CLOCK_REALTIME, 60000);

	calls_will_sleep();
	CALL(m, 0, pthread_mutex_timedlock, (m, &limit), 0, "request,timed blocked,timed");
	UNLOCK(m, 0, "-");
	return m;
}

static void *clock_lock(void *m)
{
	struct timespec limit = calls_in(CLOCK_MONOTONIC, 60000);

	calls_will_sleep();
	CALL(m, 0, pthread_mutex_clocklock, (m, CLOCK_MONOTONIC, &limit), 0,
	     "request,timed blocked,timed");
	UNLOCK(m, 0, "-");
	return m;
}

/* `wait` waits for the mutex, that this thread has, while a signal is handled. */
static void contend(pthread_mutex_t *m, const char *locked, void *(*wait)(void *))
{
	struct calls_thread thread;

	LOCK(m, 0, locked);
	calls_start_asleep(&thread, wait, m);
	calls_interrupt(&thread);
	asleep_wait(thread.tid);
	UNLOCK(m, 0, "-");
	calls_join(&thread, m);
}

static void *steal(void *m)
{
	UNLOCK(m, EPERM, "- -!");
	return NULL;
}

static void wait_for_all_kinds(void)
{
	static pthread_mutex_t plain = PTHREAD_MUTEX_INITIALIZER;
	pthread_mutex_t m;
	struct calls_thread thread;

	contend(&plain, "-", lock);
	contend(&plain, "-", timed_lock);
	contend(&plain, "-", clock_lock);
	init(&m, PTHREAD_MUTEX_ADAPTIVE_NP, 0, 0, PTHREAD_PRIO_NONE);
	contend(&m, "-", lock);
	init(&m, PTHREAD_MUTEX_RECURSIVE, 0, 0, PTHREAD_PRIO_NONE);
	contend(&m, "-", lock);
	init(&m, PTHREAD_MUTEX_NORMAL, 0, 0, PTHREAD_PRIO_INHERIT);
	contend(&m, "request blocked", lock);
	contend(&m, "request blocked", timed_lock);
	init(&m, PTHREAD_MUTEX_ERRORCHECK, 0, 0, PTHREAD_PRIO_NONE);
	contend(&m, "request blocked", lock);
	LOCK(&m, 0, "request blocked");
	calls_start(&thread, steal, &m);
	calls_join(&thread, NULL);
	UNLOCK(&m, 0, "-");
}

static void *lock_then_test(void *m)
{
	calls_will_sleep();
	LOCK(m, 0, "request blocked");
	UNLOCK(m, 0, "-");
	pthread_testcancel();
	return NULL;
}

static void *lock_cancelled(void *m)
{
	pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, &(int){0});
	calls_expect("pthread_mutex_lock", (uintptr_t)m, 0, ECANCELED, "request blocked!");
	calls_will_sleep();
	pthread_mutex_lock(m);
	return NULL;
}

/* A lock is not where a deferred cancellation acts; an asynchronous one ends it. */
static void cancel(void)
{
	static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
	struct calls_thread thread;

	LOCK(&m, 0, "-");
	calls_start_asleep(&thread, lock_then_test, &m);
	calls_cancel(&thread);
	asleep_wait(thread.tid);
	UNLOCK(&m, 0, "-");
	calls_join(&thread, PTHREAD_CANCELED);

	LOCK(&m, 0, "-");
	calls_start_asleep(&thread, lock_cancelled, &m);
	calls_cancel(&thread);
	calls_join(&thread, PTHREAD_CANCELED);
	UNLOCK(&m, 0, "-");
}

static void *die_holding(void *m)
{
	LOCK(m, 0, "request blocked");
	return NULL;
}

static void lose_owner(pthread_mutex_t *m)
{
	struct calls_thread thread;

	calls_start(&thread, die_holding, m);
	calls_join(&thread, NULL);
}

static void repair(pthread_mutex_t *m)
{
	CALL(m, 0, pthread_mutex_consistent, (m), 0, "-");
	UNLOCK(m, 0, "-");
}

static void robust(void)
{
	pthread_mutex_t m;

	init(&m, PTHREAD_MUTEX_NORMAL, 0, PTHREAD_MUTEX_ROBUST, PTHREAD_PRIO_NONE);
	lose_owner(&m);
	LOCK(&m, EOWNERDEAD, "request blocked,owner_dead");
	repair(&m);
	lose_owner(&m);
	CALL(&m, 0, pthread_mutex_trylock, (&m), EOWNERDEAD, "try,owner_dead");
	repair(&m);
	lose_owner(&m);
	CALL(&m, 0, pthread_mutex_timedlock, (&m, &calls_past), EOWNERDEAD,
	     "request,timed blocked,timed,owner_dead");
	repair(&m);
	lose_owner(&m);
	CALL(&m, 0, pthread_mutex_clocklock, (&m, CLOCK_MONOTONIC, &calls_past), EOWNERDEAD,
	     "request,timed blocked,timed,owner_dead");
	UNLOCK(&m, 0, "-"); /* without repair: it is of no use any more */
	LOCK(&m, ENOTRECOVERABLE, "request blocked!");
	CALL(&m, 0, pthread_mutex_trylock, (&m), ENOTRECOVERABLE, "try!");
	CALL(&m, 0, pthread_mutex_consistent, (&m), EINVAL, "- -!");
	CALL(&m, 0, pthread_mutex_destroy, (&m), 0, "-");
}

static void child_locks(void *m)
{
	LOCK(m, 0, "request blocked");
	UNLOCK(m, 0, "-");
}

static void child_dies(void *m)
{
	LOCK(m, 0, "request blocked");
}

static void unlock_when_asleep(void *m, pid_t child)
{
	asleep_wait(child);
	UNLOCK(m, 0, "-");
}

static void processes(void)
{
	pthread_mutex_t *m = calls_shared(sizeof(*m));

	init(m, PTHREAD_MUTEX_NORMAL, PTHREAD_PROCESS_SHARED, 0, PTHREAD_PRIO_NONE);
	LOCK(m, 0, "-");
	calls_fork(child_locks, unlock_when_asleep, m);
	CALL(m, 0, pthread_mutex_destroy, (m), 0, "-");
	init(m, PTHREAD_MUTEX_NORMAL, PTHREAD_PROCESS_SHARED, PTHREAD_MUTEX_ROBUST,
	     PTHREAD_PRIO_NONE);
	calls_fork(child_dies, NULL, m);
	LOCK(m, EOWNERDEAD, "request blocked,owner_dead");
	repair(m);
}

int main(void)
{
	calls_handle(0);
	wait_for_all_kinds();
	cancel();
	robust();
	processes();
	return calls_end();
}
