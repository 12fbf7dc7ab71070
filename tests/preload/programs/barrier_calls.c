/* Barriers: results and records, with signals, cancellation, processes. */
#include "calls_thread.h"

static int serials;

/* Which thread is the serial one is libc's choice. */
static void wait_at(pthread_barrier_t *b)
{
	int result = pthread_barrier_wait(b);

	__atomic_add_fetch(&serials, result == PTHREAD_BARRIER_SERIAL_THREAD, __ATOMIC_RELAXED);
	CALLS_IS(result == 0 || result == PTHREAD_BARRIER_SERIAL_THREAD, 1);
	calls_expect("pthread_barrier_wait", (uintptr_t)b, 0, 0,
		     result ? "request blocked,serial" : "request blocked");
}

static void *arrive(void *b)
{
	calls_will_sleep();
	wait_at(b);
	return NULL;
}

static void *arrive_cancelled(void *b)
{
	calls_will_sleep();
	wait_at(b); /* no cancellation point */
	pthread_testcancel();
	return NULL;
}

static void *arrive_often(void *b)
{
	for (int i = 0; i < 20; i++)
		wait_at(b);
	return NULL;
}

static void init(pthread_barrier_t *b, int shared, unsigned count)
{
	pthread_barrierattr_t a;

	pthread_barrierattr_init(&a);
	pthread_barrierattr_setpshared(&a, shared);
	CALL(b, count | (uint64_t)shared << 32, pthread_barrier_init, (b, &a, count), 0, "-");
	pthread_barrierattr_destroy(&a);
}

static void threads(void)
{
	struct calls_thread first, second;
	pthread_barrier_t b;

	CALL(&b, 0, pthread_barrier_init, (&b, NULL, 0), EINVAL, "-!");
	init(&b, 0, 1);
	wait_at(&b);
	wait_at(&b);
	CALLS_IS(serials, 2);
	CALL(&b, 0, pthread_barrier_destroy, (&b), 0, "request blocked");

	CALL(&b, 3, pthread_barrier_init, (&b, NULL, 3), 0, "-");
	calls_start_asleep(&first, arrive, &b);
	calls_start_asleep(&second, arrive_cancelled, &b);
	calls_interrupt(&first);
	calls_cancel(&second);
	asleep_wait(first.tid);
	asleep_wait(second.tid);
	wait_at(&b);
	calls_join(&first, NULL);
	calls_join(&second, PTHREAD_CANCELED);
	CALLS_IS(serials, 3);

	calls_start(&first, arrive_often, &b);
	calls_start(&second, arrive_often, &b);
	arrive_often(&b);
	calls_join(&first, NULL);
	calls_join(&second, NULL);
	CALLS_IS(serials, 23);
	CALL(&b, 0, pthread_barrier_destroy, (&b), 0, "request blocked");
}

static void child_arrives(void *b)
{
	wait_at(b);
}

static void arrive_when_asleep(void *b, pid_t child)
{
	asleep_wait(child);
	wait_at(b);
}

int main(void)
{
	pthread_barrier_t *shared = calls_shared(sizeof(*shared));

	calls_handle(0);
	threads();
	init(shared, PTHREAD_PROCESS_SHARED, 2);
	calls_fork(child_arrives, arrive_when_asleep, shared);
	CALL(shared, 0, pthread_barrier_destroy, (shared), 0, "request blocked");
	return calls_end();
}
