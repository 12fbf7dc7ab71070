/* Read-write locks: results and records, with limits, writers that wait, processes. */
#include "calls_thread.h"

#define RDLOCK(l, result, records) CALL(l, 0, pthread_rwlock_rdlock, (l), result, records)
#define WRLOCK(l, result, records) CALL(l, 0, pthread_rwlock_wrlock, (l), result, records)
#define TRYRDLOCK(l, result)                                                                       \
	CALL(l, 0, pthread_rwlock_tryrdlock, (l), result, (result) != 0 ? "try!" : "try")
#define TRYWRLOCK(l, result)                                                                       \
	CALL(l, 0, pthread_rwlock_trywrlock, (l), result, (result) != 0 ? "try!" : "try")
#define UNLOCK(l) CALL(l, 0, pthread_rwlock_unlock, (l), 0, "-")

#define TIMED(l, function, arguments, result)                                                      \
	CALL(l, 0, function, arguments, result,                                                    \
	     (result) != 0 ? "request,timed blocked,timed!" : "request,timed blocked,timed")

static void init(pthread_rwlock_t *l, int kind, int shared)
{
	pthread_rwlockattr_t a;

	pthread_rwlockattr_init(&a);
	pthread_rwlockattr_setkind_np(&a, kind);
	pthread_rwlockattr_setpshared(&a, shared);
	CALL(l, kind | shared << 8, pthread_rwlock_init, (l, &a), 0, "-");
	pthread_rwlockattr_destroy(&a);
}

static void alone(void)
{
	pthread_rwlock_t l;

	CALL(&l, 0, pthread_rwlock_init, (&l, NULL), 0, "-");
	RDLOCK(&l, 0, "-");
	RDLOCK(&l, 0, "-");
	TRYRDLOCK(&l, 0);
	TRYWRLOCK(&l, EBUSY);
	UNLOCK(&l);
	UNLOCK(&l);
	UNLOCK(&l);
	TRYWRLOCK(&l, 0);
	TRYRDLOCK(&l, EBUSY);
	UNLOCK(&l);
	WRLOCK(&l, 0, "-");
	WRLOCK(&l, EDEADLK, "request blocked!");
	RDLOCK(&l, EDEADLK, "request blocked!");
	TIMED(&l, pthread_rwlock_timedrdlock, (&l, &calls_past), EDEADLK);
	TIMED(&l, pthread_rwlock_timedwrlock, (&l, &calls_past), EDEADLK);
	TIMED(&l, pthread_rwlock_clockrdlock, (&l, CLOCK_MONOTONIC, &calls_past), EDEADLK);
	TIMED(&l, pthread_rwlock_clockwrlock, (&l, CLOCK_MONOTONIC, &calls_past), EDEADLK);
	UNLOCK(&l);
	TIMED(&l, pthread_rwlock_timedrdlock, (&l, &calls_past), 0);
	UNLOCK(&l);
	TIMED(&l, pthread_rwlock_timedwrlock, (&l, &calls_past), 0);
	UNLOCK(&l);
	TIMED(&l, pthread_rwlock_timedrdlock, (&l, &calls_invalid), EINVAL);
	TIMED(&l, pthread_rwlock_timedwrlock, (&l, &calls_negative), EINVAL);
	CALL(&l, 0, pthread_rwlock_destroy, (&l), 0, "-");
}

static void *limits_on(pthread_rwlock_t *l, clockid_t clock)
{
	struct timespec soon = calls_in(clock, 20);

	TIMED(l, pthread_rwlock_clockrdlock, (l, clock, &soon), ETIMEDOUT);
	CALLS_IS(calls_over(clock, &soon), 1);
	soon = calls_in(clock, 20);
	TIMED(l, pthread_rwlock_clockwrlock, (l, clock, &soon), ETIMEDOUT);
	CALLS_IS(calls_over(clock, &soon), 1);
	TIMED(l, pthread_rwlock_clockrdlock, (l, clock, &calls_past), ETIMEDOUT);
	TIMED(l, pthread_rwlock_clockwrlock, (l, clock, &calls_past), ETIMEDOUT);
	TIMED(l, pthread_rwlock_clockrdlock, (l, clock, &calls_invalid), EINVAL);
	TIMED(l, pthread_rwlock_clockwrlock, (l, clock, &calls_invalid), EINVAL);
	return NULL;
}

/* Of a lock that another thread has for writing. */
static void *limits(void *arg)
{
	pthread_rwlock_t *l = arg;
	struct timespec soon = calls_in(CLOCK_REALTIME, 20);

	TIMED(l, pthread_rwlock_timedrdlock, (l, &soon), ETIMEDOUT);
	CALLS_IS(calls_over(CLOCK_REALTIME, &soon), 1);
	soon = calls_in(CLOCK_REALTIME, 20);
	TIMED(l, pthread_rwlock_timedwrlock, (l, &soon), ETIMEDOUT);
	CALLS_IS(calls_over(CLOCK_REALTIME, &soon), 1);
	limits_on(l, CLOCK_REALTIME);
	limits_on(l, CLOCK_MONOTONIC);
	TIMED(l, pthread_rwlock_clockrdlock, (l, CLOCK_THREAD_CPUTIME_ID, &calls_past), EINVAL);
	TIMED(l, pthread_rwlock_clockwrlock, (l, CLOCK_THREAD_CPUTIME_ID, &calls_past), EINVAL);
	TRYRDLOCK(l, EBUSY);
	TRYWRLOCK(l, EBUSY);
	return NULL;
}

static void *read_later(void *l)
{
	calls_will_sleep();
	RDLOCK(l, 0, "request blocked");
	UNLOCK(l);
	pthread_testcancel();
	return NULL;
}

static void *write_later(void *l)
{
	calls_will_sleep();
	WRLOCK(l, 0, "request blocked");
	UNLOCK(l);
	pthread_testcancel();
	return NULL;
}

static void *read_in_time(void *l)
{
	struct timespec limit = calls_in(CLOCK_REALTIME, 60000);

	calls_will_sleep();
	TIMED(l, pthread_rwlock_timedrdlock, (l, &limit), 0);
	UNLOCK(l);
	return NULL;
}

static void *write_in_time(void *l)
{
	struct timespec limit = calls_in(CLOCK_MONOTONIC, 60000);

	calls_will_sleep();
	TIMED(l, pthread_rwlock_clockwrlock, (l, CLOCK_MONOTONIC, &limit), 0);
	UNLOCK(l);
	return NULL;
}

/* `wait` waits, while a signal is handled, for a lock that is held for writing; its cancellation
 * does not act there. */
static void contend(pthread_rwlock_t *l, void *(*wait)(void *), int cancel)
{
	struct calls_thread thread;

	WRLOCK(l, 0, "-");
	calls_start_asleep(&thread, wait, l);
	calls_interrupt(&thread);
	asleep_wait(thread.tid);
	if (cancel) {
		calls_cancel(&thread);
		asleep_wait(thread.tid);
	}
	UNLOCK(l);
	calls_join(&thread, cancel ? PTHREAD_CANCELED : NULL);
}

/* A writer waits for this reader; whether more readers may come in is the kind of the lock. */
static void prefer(int kind, int readers)
{
	struct calls_thread writer;
	pthread_rwlock_t l;

	init(&l, kind, 0);
	RDLOCK(&l, 0, "-");
	calls_start_asleep(&writer, write_later, &l);
	TRYRDLOCK(&l, readers ? 0 : EBUSY);
	TIMED(&l, pthread_rwlock_timedrdlock, (&l, &calls_past), readers ? 0 : ETIMEDOUT);
	if (readers) {
		UNLOCK(&l);
		UNLOCK(&l);
	}
	UNLOCK(&l);
	calls_join(&writer, NULL);
}

static void child_reads(void *l)
{
	RDLOCK(l, 0, "request blocked");
	UNLOCK(l);
}

static void unlock_when_asleep(void *l, pid_t child)
{
	asleep_wait(child);
	UNLOCK(l);
}

int main(void)
{
	static pthread_rwlock_t l = PTHREAD_RWLOCK_INITIALIZER;
	pthread_rwlock_t *shared = calls_shared(sizeof(*shared));
	struct calls_thread other;

	calls_handle(0);
	alone();
	WRLOCK(&l, 0, "-");
	calls_start(&other, limits, &l);
	calls_join(&other, NULL);
	UNLOCK(&l);
	contend(&l, read_later, 0);
	contend(&l, write_later, 0);
	contend(&l, read_in_time, 0);
	contend(&l, write_in_time, 0);
	contend(&l, read_later, 1);
	contend(&l, write_later, 1);
	prefer(PTHREAD_RWLOCK_PREFER_READER_NP, 1);
	prefer(PTHREAD_RWLOCK_PREFER_WRITER_NP, 1); /* glibc: as the one before */
	prefer(PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP, 0);
	init(shared, PTHREAD_RWLOCK_DEFAULT_NP, PTHREAD_PROCESS_SHARED);
	WRLOCK(shared, 0, "-");
	calls_fork(child_reads, unlock_when_asleep, shared);
	CALL(shared, 0, pthread_rwlock_destroy, (shared), 0, "-");
	return calls_end();
}
