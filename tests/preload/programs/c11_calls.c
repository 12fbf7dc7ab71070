/* C11 threads, mutexes, condition variables, call_once: results and records. */
#include "calls_thread.h"

#define LOCK(m, records) CALL(m, 0, mtx_lock, (m), thrd_success, records)
#define TRYLOCK(m, result, records) CALL(m, 0, mtx_trylock, (m), result, records)
#define UNLOCK(m) CALL(m, 0, mtx_unlock, (m), thrd_success, "-")
#define TIMEDLOCK(m, limit, result)                                                                \
	CALL(m, 0, mtx_timedlock, (m, limit), result,                                              \
	     (result) != 0 ? "request,timed blocked,timed!" : "request,timed blocked,timed")
#define TIMEDWAIT(limit, result, end)                                                              \
	CALL(&cnd, &mtx, cnd_timedwait, (&cnd, &mtx, limit), result,                               \
	     "request,timed blocked,timed" end)

static mtx_t mtx;
static cnd_t cnd;
static once_flag flag = ONCE_FLAG_INIT;
static int initialised;

/* struct calls_thread has what POSIX threads need, and in glibc a thrd_t is a pthread_t. */
static int run(void *context)
{
	calls_current = context;
	calls_self = calls_current->number;
	return (int)(intptr_t)calls_current->routine(calls_current->arg);
}

static void start(struct calls_thread *thread, void *(*routine)(void *), void *arg)
{
	*thread = (struct calls_thread){routine, arg, .number = ++calls_threads};
	CALL(thread->number, run, thrd_create, (&thread->id, run, thread), thrd_success, "-");
}

static void start_asleep(struct calls_thread *thread, void *(*routine)(void *), void *arg)
{
	start(thread, routine, arg);
	asleep_wait_for(&thread->tid);
}

static void join(struct calls_thread *thread, int wanted)
{
	int value = 0;

	CALL(thread->id, 0, thrd_join, (thread->id, &value), thrd_success, "request blocked");
	CALLS_IS(value, wanted);
}

static void destroy(mtx_t *m)
{
	mtx_destroy(m);
	calls_expect("mtx_destroy", (uintptr_t)m, 0, 0, "-");
}

static void mutexes(void)
{
	static mtx_t zero; /* glibc: a plain one */
	struct timespec soon;
	mtx_t m;

	/* glibc asks no more of a type than whether it has this bit */
	CALL(&m, PTHREAD_MUTEX_RECURSIVE, mtx_init, (&m, 76 | mtx_recursive), thrd_success, "-");
	CALL(&m, PTHREAD_MUTEX_TIMED_NP, mtx_init, (&m, mtx_plain), thrd_success, "-");
	LOCK(&m, "-");
	TRYLOCK(&m, thrd_busy, "try!");
	UNLOCK(&m);
	TRYLOCK(&m, thrd_success, "try");
	UNLOCK(&m);
	destroy(&m);
	LOCK(&zero, "-");
	UNLOCK(&zero);

	CALL(&m, PTHREAD_MUTEX_TIMED_NP, mtx_init, (&m, mtx_timed), thrd_success, "-");
	TIMEDLOCK(&m, &calls_past, thrd_success);
	TIMEDLOCK(&m, &calls_past, thrd_timedout);
	TIMEDLOCK(&m, &calls_invalid, thrd_error);
	soon = calls_in(CLOCK_REALTIME, 20);
	TIMEDLOCK(&m, &soon, thrd_timedout);
	CALLS_IS(calls_over(CLOCK_REALTIME, &soon), 1);
	UNLOCK(&m);
	destroy(&m);

	for (int timed = 0; timed < 2; timed++) {
		CALL(&m, PTHREAD_MUTEX_RECURSIVE, mtx_init,
		     (&m, mtx_recursive | (timed ? mtx_timed : 0)), thrd_success, "-");
		LOCK(&m, "-");
		LOCK(&m, "-");
		TRYLOCK(&m, thrd_success, "try");
		UNLOCK(&m);
		UNLOCK(&m);
		UNLOCK(&m);
		CALL(&m, 0, mtx_unlock, (&m), thrd_error, "- -!");
		destroy(&m);
	}
}

static void *lock(void *cancelled)
{
	calls_will_sleep();
	LOCK(&mtx, "request blocked"); /* no cancellation point */
	UNLOCK(&mtx);
	if (cancelled)
		pthread_testcancel();
	return NULL;
}

static void *timed_lock(void *unused)
{
	struct timespec late = calls_in(CLOCK_REALTIME, 60000);

	(void)unused;
	calls_will_sleep();
	TIMEDLOCK(&mtx, &late, thrd_success);
	UNLOCK(&mtx);
	return NULL;
}

static void contend(void)
{
	struct calls_thread thread;

	LOCK(&mtx, "-");
	start_asleep(&thread, lock, NULL);
	calls_interrupt(&thread);
	asleep_wait(thread.tid);
	UNLOCK(&mtx);
	join(&thread, 0);
	LOCK(&mtx, "-");
	start_asleep(&thread, timed_lock, NULL);
	UNLOCK(&mtx);
	join(&thread, 0);
	LOCK(&mtx, "-");
	start_asleep(&thread, lock, &mtx);
	calls_cancel(&thread);
	asleep_wait(thread.tid);
	UNLOCK(&mtx);
	join(&thread, (int)(intptr_t)PTHREAD_CANCELED);
}

static void *wait_signalled(void *unused)
{
	(void)unused;
	LOCK(&mtx, "-");
	calls_will_sleep();
	CALL(&cnd, &mtx, cnd_wait, (&cnd, &mtx), thrd_success, "request blocked");
	UNLOCK(&mtx);
	return NULL;
}

static void *wait_in_time(void *unused)
{
	struct timespec late = calls_in(CLOCK_REALTIME, 60000);

	(void)unused;
	LOCK(&mtx, "-");
	calls_will_sleep();
	TIMEDWAIT(&late, thrd_success, "");
	UNLOCK(&mtx);
	return NULL;
}

static void give_back(void *unused)
{
	(void)unused;
	UNLOCK(&mtx);
}

static void *wait_cancelled(void *timed)
{
	LOCK(&mtx, "-");
	pthread_cleanup_push(give_back, NULL);
	calls_expect(timed ? "cnd_timedwait" : "cnd_wait", (uintptr_t)&cnd, (uintptr_t)&mtx, 0,
		     timed ? "request,timed blocked,timed" : "request blocked");
	calls_will_sleep();
	if (timed)
		cnd_timedwait(&cnd, &mtx, &(struct timespec){INT32_MAX, 0});
	else
		cnd_wait(&cnd, &mtx);
	pthread_cleanup_pop(1);
	return NULL;
}

static void conditions(void)
{
	struct calls_thread thread, other;
	struct timespec soon;

	CALL(&cnd, 0, cnd_init, (&cnd), thrd_success, "-");
	CALL(&cnd, 0, cnd_signal, (&cnd), thrd_success, "-");
	LOCK(&mtx, "-");
	soon = calls_in(CLOCK_REALTIME, 20);
	TIMEDWAIT(&soon, thrd_timedout, ",timed_out");
	CALLS_IS(calls_over(CLOCK_REALTIME, &soon), 1);
	TIMEDWAIT(&calls_past, thrd_timedout, ",timed_out");
	TIMEDWAIT(&calls_invalid, thrd_error, "!");
	UNLOCK(&mtx);
	start_asleep(&thread, wait_signalled, NULL);
	calls_interrupt(&thread);
	asleep_wait(thread.tid);
	LOCK(&mtx, "-");
	CALL(&cnd, 0, cnd_signal, (&cnd), thrd_success, "-");
	UNLOCK(&mtx);
	join(&thread, 0);
	start_asleep(&thread, wait_signalled, NULL);
	start_asleep(&other, wait_in_time, NULL);
	LOCK(&mtx, "-");
	CALL(&cnd, 0, cnd_broadcast, (&cnd), thrd_success, "-");
	UNLOCK(&mtx);
	join(&thread, 0);
	join(&other, 0);
	for (int timed = 0; timed < 2; timed++) {
		start_asleep(&thread, wait_cancelled, timed ? &cnd : NULL);
		calls_cancel(&thread);
		join(&thread, (int)(intptr_t)PTHREAD_CANCELED);
	}
	cnd_destroy(&cnd);
	calls_expect("cnd_destroy", (uintptr_t)&cnd, 0, 0, "request blocked");
}

static void init(void)
{
	LOCK(&mtx, "-");
	initialised++;
	UNLOCK(&mtx);
}

static void init_cancelled(void)
{
	calls_expect("pthread_exit", 5, 0, 0, "-");
	calls_expect("call_once", (uintptr_t)&flag, 0, ECANCELED, "blocked!");
	pthread_exit((void *)5);
}

static void *once(void *unused)
{
	(void)unused;
	calls_expect("call_once", (uintptr_t)&flag, 0, 0, "request");
	call_once(&flag, init_cancelled);
	return NULL;
}

static void onces(void)
{
	struct calls_thread thread;

	start(&thread, once, NULL);
	join(&thread, 5);
	calls_expect("call_once", (uintptr_t)&flag, 0, 0, "request");
	call_once(&flag, init);
	calls_expect("call_once", (uintptr_t)&flag, 0, 0, "blocked");
	call_once(&flag, abort);
	CALLS_IS(initialised, 1);
}

static void *exit_negative(void *unused)
{
	(void)unused;
	calls_expect("thrd_exit", (uint32_t)-7, 0, 0, "-");
	thrd_exit(-7);
}

static void *join_other(void *other)
{
	struct calls_thread *thread = other;

	calls_expect("thrd_join", thread->id, 0, ECANCELED, "request blocked!");
	calls_will_sleep();
	thrd_join(thread->id, NULL);
	return NULL;
}

static void threads(void)
{
	struct calls_thread thread, other;
	pthread_attr_t a;
	thrd_t id;

	start(&thread, exit_negative, NULL);
	join(&thread, -7);
	CALL(thrd_current(), 0, thrd_join, (thrd_current(), NULL), thrd_error, "request blocked!");

	LOCK(&mtx, "-");
	start_asleep(&other, lock, NULL);
	start_asleep(&thread, join_other, &other);
	calls_cancel(&thread);
	join(&thread, (int)(intptr_t)PTHREAD_CANCELED);
	UNLOCK(&mtx);
	join(&other, 0);

	LOCK(&mtx, "-");
	start_asleep(&thread, lock, NULL);
	CALL(thread.id, 0, thrd_detach, (thread.id), thrd_success, "-");
	CALL(thread.id, 0, thrd_detach, (thread.id), thrd_error, "- -!");
	UNLOCK(&mtx);
	asleep_gone(thread.tid);

	pthread_attr_init(&a);
	pthread_attr_setstacksize(&a, (size_t)1 << 46);
	pthread_setattr_default_np(&a);
	CALL(++calls_threads, run, thrd_create, (&id, run, NULL), thrd_error, "- -!");
}

int main(void)
{
	calls_handle(0);
	CALL(&mtx, PTHREAD_MUTEX_TIMED_NP, mtx_init, (&mtx, mtx_timed), thrd_success, "-");
	mutexes();
	contend();
	conditions();
	onces();
	threads();
	return calls_end();
}
