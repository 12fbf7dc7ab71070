/* Threads: creation with attributes, joins, detaching, names: results, errno and records. */
#include <semaphore.h>

#include "calls_thread.h"

#define TIMEDJOIN(t, limit, result)                                                                \
	CALL((t)->id, 0, pthread_timedjoin_np, ((t)->id, NULL, limit), result,                     \
	     (result) != 0 ? "request,timed blocked,timed!" : "request,timed blocked,timed")
#define CLOCKJOIN(t, clock, limit, result)                                                         \
	CALL((t)->id, 0, pthread_clockjoin_np, ((t)->id, NULL, clock, limit), result,              \
	     (result) != 0 ? "request,timed blocked,timed!" : "request,timed blocked,timed")

static sem_t go;

static void *return_arg(void *arg)
{
	return arg;
}

/* Until main lets it go. */
static void *linger(void *arg)
{
	calls_will_sleep();
	CALL(&go, 0, sem_wait, (&go), 0, "request blocked");
	return arg;
}

static void let_go(void)
{
	CALL(&go, 0, sem_post, (&go), 0, "-");
}

static void joins(void)
{
	struct calls_thread thread;
	void *value;

	calls_start(&thread, return_arg, &go);
	calls_join(&thread, &go);
	calls_start_asleep(&thread, linger, &go);
	CALL(thread.id, 0, pthread_tryjoin_np, (thread.id, &value), EBUSY, "try!");
	let_go();
	asleep_gone(thread.tid);
	CALL(thread.id, 0, pthread_tryjoin_np, (thread.id, &value), 0, "try");
	CALLS_IS(value, &go);
	CALL(pthread_self(), 0, pthread_join, (pthread_self(), NULL), EDEADLK, "request blocked!");
	CALL(pthread_self(), 0, pthread_timedjoin_np, (pthread_self(), NULL, &calls_past), EDEADLK,
	     "request,timed blocked,timed!");
}

/* Not with invalid nanoseconds: glibc 2.36 then never comes back. */
static void limit_on(struct calls_thread *thread, clockid_t clock)
{
	struct timespec soon = calls_in(clock, 20), late = calls_in(clock, 60000);

	calls_start_asleep(thread, linger, NULL);
	CLOCKJOIN(thread, clock, &soon, ETIMEDOUT);
	CALLS_IS(calls_over(clock, &soon), 1);
	CLOCKJOIN(thread, clock, &calls_past, ETIMEDOUT);
	let_go();
	CLOCKJOIN(thread, clock, &late, 0);
}

static void limits(void)
{
	struct calls_thread thread;
	struct timespec soon = calls_in(CLOCK_REALTIME, 20), late = calls_in(CLOCK_REALTIME, 60000);

	limit_on(&thread, CLOCK_REALTIME);
	limit_on(&thread, CLOCK_MONOTONIC);
	calls_start_asleep(&thread, linger, NULL);
	TIMEDJOIN(&thread, &soon, ETIMEDOUT);
	CALLS_IS(calls_over(CLOCK_REALTIME, &soon), 1);
	TIMEDJOIN(&thread, &calls_past, ETIMEDOUT);
	CLOCKJOIN(&thread, CLOCK_PROCESS_CPUTIME_ID, &calls_past, EINVAL);
	let_go();
	TIMEDJOIN(&thread, &late, 0);
}

static void detached(void)
{
	pthread_attr_t a;
	struct calls_thread thread;

	calls_start_asleep(&thread, linger, NULL);
	CALL(thread.id, 0, pthread_detach, (thread.id), 0, "-");
	CALL(thread.id, 0, pthread_detach, (thread.id), EINVAL, "- -!");
	CALL(thread.id, 0, pthread_join, (thread.id, NULL), EINVAL, "request blocked!");
	CALL(thread.id, 0, pthread_tryjoin_np, (thread.id, NULL), EBUSY, "try!");
	let_go();
	asleep_gone(thread.tid);

	pthread_attr_init(&a);
	pthread_attr_setdetachstate(&a, PTHREAD_CREATE_DETACHED);
	calls_start_with(&thread, &a, linger, NULL);
	asleep_wait_for(&thread.tid);
	CALL(thread.id, 0, pthread_join, (thread.id, NULL), EINVAL, "request blocked!");
	let_go();
	asleep_gone(thread.tid);
	pthread_attr_destroy(&a);
}

/* A number is used up by a thread that could not be created. */
static void fail_to_create(const pthread_attr_t *attributes, int error)
{
	pthread_t id;

	CALL(++calls_threads, return_arg, pthread_create, (&id, attributes, return_arg, NULL),
	     error, "- -!");
}

static void refused(void)
{
	pthread_attr_t a;
	cpu_set_t *none = CPU_ALLOC(8192);

	pthread_attr_init(&a);
	pthread_attr_setstacksize(&a, (size_t)1 << 46);
	fail_to_create(&a, EAGAIN);
	pthread_attr_setstacksize(&a, 1 << 20);
	/* by the kernel, when the thread is there already: it must not come to run */
	CPU_ZERO_S(CPU_ALLOC_SIZE(8192), none);
	CPU_SET_S(8191, CPU_ALLOC_SIZE(8192), none);
	pthread_attr_setaffinity_np(&a, CPU_ALLOC_SIZE(8192), none);
	fail_to_create(&a, EINVAL);
	CPU_FREE(none);
	pthread_attr_destroy(&a);
}

static void *join_other(void *other)
{
	struct calls_thread *thread = other;

	calls_expect("pthread_join", thread->id, 0, ECANCELED, "request blocked!");
	calls_will_sleep();
	pthread_join(thread->id, NULL);
	return NULL;
}

static void *timedjoin_other(void *other)
{
	struct calls_thread *thread = other;

	calls_expect("pthread_timedjoin_np", thread->id, 0, ECANCELED,
		     "request,timed blocked,timed!");
	calls_will_sleep();
	pthread_timedjoin_np(thread->id, NULL, &(struct timespec){INT32_MAX, 0});
	return NULL;
}

static void *clockjoin_other(void *other)
{
	struct calls_thread *thread = other;

	calls_expect("pthread_clockjoin_np", thread->id, 0, ECANCELED,
		     "request,timed blocked,timed!");
	calls_will_sleep();
	pthread_clockjoin_np(thread->id, NULL, CLOCK_MONOTONIC, &(struct timespec){INT32_MAX, 0});
	return NULL;
}

/* A cancelled join leaves the other thread joinable. */
static void cancelled_joins(void)
{
	void *(*const joins_other[])(void *) = {join_other, timedjoin_other, clockjoin_other};
	struct calls_thread thread, other;

	calls_start_asleep(&other, linger, NULL);
	for (int i = 0; i < 3; i++) {
		calls_start_asleep(&thread, joins_other[i], &other);
		calls_cancel(&thread);
		calls_join(&thread, PTHREAD_CANCELED);
	}
	let_go();
	calls_join(&other, NULL);
}

static void *name_self(void *name)
{
	CALL(0, 0, pthread_setname_np, (pthread_self(), name), 0, "");
	CALL(0, 0, pthread_setname_np, (pthread_self(), "longer than sixteen"), ERANGE, "");
	return NULL;
}

int main(void)
{
	struct calls_thread thread;

	CALL(&go, 0, sem_init, (&go, 0, 0), 0, "-");
	joins();
	limits();
	detached();
	refused();
	cancelled_joins();
	calls_start(&thread, name_self, "its own name");
	calls_join(&thread, NULL);
	return calls_end();
}
