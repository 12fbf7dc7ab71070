/* Condition variables: results and records, with limits, signals, cancellation, robust mutexes,
 * processes. */
#include "calls_thread.h"

#define LOCK(m) CALL(m, 0, pthread_mutex_lock, (m), 0, "-")
#define UNLOCK(m) CALL(m, 0, pthread_mutex_unlock, (m), 0, "-")
#define SIGNAL(c) CALL(c, 0, pthread_cond_signal, (c), 0, "-")
#define BROADCAST(c) CALL(c, 0, pthread_cond_broadcast, (c), 0, "-")
#define TIMED(w, function, arguments, result, end)                                                 \
	CALL((w)->c, (w)->m, function, arguments, result, "request,timed blocked,timed" end)

struct waited {
	pthread_cond_t *c;
	pthread_mutex_t *m;
};

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static struct waited both = {&cond, &mutex};

static void init_cond(pthread_cond_t *c, clockid_t clock, int shared)
{
	pthread_condattr_t a;

	pthread_condattr_init(&a);
	pthread_condattr_setclock(&a, clock);
	pthread_condattr_setpshared(&a, shared);
	CALL(c, shared << 8, pthread_cond_init, (c, &a), 0, "-");
	pthread_condattr_destroy(&a);
}

static void init_mutex(pthread_mutex_t *m, int type, int shared, int robust)
{
	pthread_mutexattr_t a;

	pthread_mutexattr_init(&a);
	pthread_mutexattr_settype(&a, type);
	pthread_mutexattr_setpshared(&a, shared);
	pthread_mutexattr_setrobust(&a, robust);
	CALL(m, type | shared << 8 | robust << 9, pthread_mutex_init, (m, &a), 0, "-");
	pthread_mutexattr_destroy(&a);
}

static void *wait_untimed(void *arg)
{
	struct waited *w = arg;

	LOCK(w->m);
	calls_will_sleep();
	CALL(w->c, w->m, pthread_cond_wait, (w->c, w->m), 0, "request blocked");
	UNLOCK(w->m);
	return NULL;
}

static void *wait_in_time(void *arg)
{
	struct timespec limit = calls_in(CLOCK_REALTIME, 60000);
	struct waited *w = arg;

	LOCK(w->m);
	calls_will_sleep();
	TIMED(w, pthread_cond_timedwait, (w->c, w->m, &limit), 0, "");
	UNLOCK(w->m);
	return NULL;
}

static void *wait_on_clock(void *arg)
{
	struct timespec limit = calls_in(CLOCK_MONOTONIC, 60000);
	struct waited *w = arg;

	LOCK(w->m);
	calls_will_sleep();
	TIMED(w, pthread_cond_clockwait, (w->c, w->m, CLOCK_MONOTONIC, &limit), 0, "");
	UNLOCK(w->m);
	return NULL;
}

/* Woken by pthread_cond_signal, not by a Unix signal. */
static void wake(void)
{
	void *(*const waits[])(void *) = {wait_untimed, wait_in_time, wait_on_clock};
	struct calls_thread thread, other;

	SIGNAL(&cond); /* nobody waits */
	BROADCAST(&cond);
	for (int i = 0; i < 3; i++) {
		calls_start_asleep(&thread, waits[i], &both);
		calls_interrupt(&thread);
		asleep_wait(thread.tid);
		LOCK(&mutex);
		SIGNAL(&cond);
		UNLOCK(&mutex);
		calls_join(&thread, NULL);
	}
	calls_start_asleep(&thread, wait_untimed, &both);
	calls_start_asleep(&other, wait_on_clock, &both);
	LOCK(&mutex);
	BROADCAST(&cond);
	UNLOCK(&mutex);
	calls_join(&thread, NULL);
	calls_join(&other, NULL);
}

static void limit_on(struct waited *w, clockid_t clock)
{
	struct timespec soon = calls_in(clock, 20);

	TIMED(w, pthread_cond_clockwait, (w->c, w->m, clock, &soon), ETIMEDOUT, ",timed_out");
	CALLS_IS(calls_over(clock, &soon), 1);
	TIMED(w, pthread_cond_clockwait, (w->c, w->m, clock, &calls_past), ETIMEDOUT, ",timed_out");
	TIMED(w, pthread_cond_clockwait, (w->c, w->m, clock, &calls_invalid), EINVAL, "!");
}

static void limits(clockid_t clock)
{
	pthread_cond_t c;
	pthread_mutex_t m;
	struct waited w = {&c, &m};
	struct timespec soon;

	init_cond(&c, clock, 0);
	init_mutex(&m, PTHREAD_MUTEX_ERRORCHECK, 0, 0);
	CALL(&m, 0, pthread_mutex_lock, (&m), 0, "request blocked");
	soon = calls_in(clock, 20);
	TIMED(&w, pthread_cond_timedwait, (&c, &m, &soon), ETIMEDOUT, ",timed_out");
	CALLS_IS(calls_over(clock, &soon), 1);
	TIMED(&w, pthread_cond_timedwait, (&c, &m, &calls_past), ETIMEDOUT, ",timed_out");
	TIMED(&w, pthread_cond_timedwait, (&c, &m, &calls_invalid), EINVAL, "!");
	TIMED(&w, pthread_cond_timedwait, (&c, &m, &calls_negative), EINVAL, "!");
	limit_on(&w, CLOCK_REALTIME);
	limit_on(&w, CLOCK_MONOTONIC);
	TIMED(&w, pthread_cond_clockwait, (&c, &m, CLOCK_PROCESS_CPUTIME_ID, &calls_past), EINVAL,
	      "!");
	UNLOCK(&m); /* was held again after each */
	CALL(&c, &m, pthread_cond_wait, (&c, &m), EPERM, "request blocked!");
	TIMED(&w, pthread_cond_timedwait, (&c, &m, &calls_past), EPERM, "!");
	CALL(&c, 0, pthread_cond_destroy, (&c), 0, "request blocked");
}

static void give_back(void *m)
{
	UNLOCK(m);
}

/* The mutex is held again while a cancelled thread unwinds. */
static void *wait_cancelled(void *which)
{
	const struct timespec *limit = &(struct timespec){INT32_MAX, 0};
	static const char *const names[] = {"pthread_cond_wait", "pthread_cond_timedwait",
					    "pthread_cond_clockwait"};
	int i = *(int *)which;

	LOCK(&mutex);
	pthread_cleanup_push(give_back, &mutex);
	calls_expect(names[i], (uintptr_t)&cond, (uintptr_t)&mutex, 0,
		     i ? "request,timed blocked,timed" : "request blocked");
	calls_will_sleep();
	if (i == 0)
		pthread_cond_wait(&cond, &mutex);
	else if (i == 1)
		pthread_cond_timedwait(&cond, &mutex, limit);
	else
		pthread_cond_clockwait(&cond, &mutex, CLOCK_MONOTONIC, limit);
	pthread_cleanup_pop(1);
	return NULL;
}

static void cancel(void)
{
	struct calls_thread thread;

	for (int i = 0; i < 3; i++) {
		calls_start_asleep(&thread, wait_cancelled, &i);
		calls_cancel(&thread);
		calls_join(&thread, PTHREAD_CANCELED);
		LOCK(&mutex);
		UNLOCK(&mutex);
	}
}

static void *wait_robust(void *arg)
{
	struct waited *w = arg;
	int unusable = w->c == &cond;

	CALL(w->m, 0, pthread_mutex_lock, (w->m), 0, "request blocked");
	calls_will_sleep();
	if (unusable) {
		CALL(w->c, w->m, pthread_cond_wait, (w->c, w->m), ENOTRECOVERABLE,
		     "request blocked!");
		return NULL;
	}
	CALL(w->c, w->m, pthread_cond_wait, (w->c, w->m), EOWNERDEAD, "request blocked,owner_dead");
	CALL(w->m, 0, pthread_mutex_consistent, (w->m), 0, "-");
	UNLOCK(w->m);
	return NULL;
}

static void *die_holding(void *arg)
{
	struct waited *w = arg;

	CALL(w->m, 0, pthread_mutex_lock, (w->m), 0, "request blocked");
	if (w->c != &cond)
		SIGNAL(w->c);
	return NULL;
}

/* Who waits gets the mutex of a thread that died, or cannot get it any more. */
static void robust(void)
{
	pthread_cond_t c;
	pthread_mutex_t m;
	struct waited w = {&c, &m}, unusable = {&cond, &m};
	struct calls_thread thread, owner;

	CALL(&c, 0, pthread_cond_init, (&c, NULL), 0, "-");
	init_mutex(&m, PTHREAD_MUTEX_NORMAL, 0, PTHREAD_MUTEX_ROBUST);
	calls_start_asleep(&thread, wait_robust, &w);
	calls_start(&owner, die_holding, &w);
	calls_join(&owner, NULL);
	calls_join(&thread, NULL);

	calls_start_asleep(&thread, wait_robust, &unusable);
	calls_start(&owner, die_holding, &unusable);
	calls_join(&owner, NULL);
	CALL(&m, 0, pthread_mutex_lock, (&m), EOWNERDEAD, "request blocked,owner_dead");
	UNLOCK(&m); /* without pthread_mutex_consistent */
	SIGNAL(&cond);
	calls_join(&thread, NULL);
}

static void child_waits(void *arg)
{
	struct waited *w = arg;

	LOCK(w->m);
	CALL(w->c, w->m, pthread_cond_wait, (w->c, w->m), 0, "request blocked");
	UNLOCK(w->m);
}

static void signal_when_asleep(void *arg, pid_t child)
{
	struct waited *w = arg;

	asleep_wait(child);
	LOCK(w->m);
	SIGNAL(w->c);
	UNLOCK(w->m);
}

int main(void)
{
	struct {
		pthread_cond_t c;
		pthread_mutex_t m;
	} *shared = calls_shared(sizeof(*shared));
	struct waited in_both = {&shared->c, &shared->m};

	calls_handle(0);
	wake();
	limits(CLOCK_REALTIME);
	limits(CLOCK_MONOTONIC);
	cancel();
	robust();
	init_cond(&shared->c, CLOCK_REALTIME, PTHREAD_PROCESS_SHARED);
	init_mutex(&shared->m, PTHREAD_MUTEX_NORMAL, PTHREAD_PROCESS_SHARED, 0);
	calls_fork(child_waits, signal_when_asleep, &in_both);
	return calls_end();
}
