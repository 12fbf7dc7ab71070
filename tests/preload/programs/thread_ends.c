/* How threads end: pthread_exit, cancellation, clean-up handlers, key destructors; and
 * pthread_once. */
#include <semaphore.h>
#include <setjmp.h>

#include "calls_thread.h"

#define LOCK(m) CALL(m, 0, pthread_mutex_lock, (m), 0, "-")
#define UNLOCK(m) CALL(m, 0, pthread_mutex_unlock, (m), 0, "-")

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_key_t key;
static sem_t never, go;

static void give_back(void *m)
{
	UNLOCK(m);
}

static void destroy_key(void *m)
{
	LOCK(m);
	UNLOCK(m);
}

/* Records come up to the last thing that the thread does. */
static void *exit_holding(void *value)
{
	static pthread_mutex_t another = PTHREAD_MUTEX_INITIALIZER;

	pthread_setspecific(key, &another);
	LOCK(&mutex);
	pthread_cleanup_push(give_back, &mutex);
	calls_expect("pthread_exit", (uintptr_t)value, 0, 0, "-");
	pthread_exit(value);
	pthread_cleanup_pop(0);
}

static void *cancel_holding(void *unused)
{
	(void)unused;
	LOCK(&mutex);
	pthread_cleanup_push(give_back, &mutex);
	calls_expect("sem_wait", (uintptr_t)&never, 0, ECANCELED, "request blocked!");
	calls_will_sleep();
	sem_wait(&never);
	pthread_cleanup_pop(1);
	return NULL;
}

/* It cannot be cancelled until it says so. */
static void *cancel_later(void *unused)
{
	(void)unused;
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &(int){0});
	calls_will_sleep();
	CALL(&go, 0, sem_wait, (&go), 0, "request blocked");
	pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, &(int){0});
	pthread_testcancel();
	return NULL;
}

static void ends(void)
{
	struct calls_thread thread;

	calls_start(&thread, exit_holding, &thread);
	calls_join(&thread, &thread);
	calls_start_asleep(&thread, cancel_holding, NULL);
	calls_cancel(&thread);
	calls_join(&thread, PTHREAD_CANCELED);
	calls_start_asleep(&thread, cancel_later, NULL);
	calls_cancel(&thread);
	asleep_wait(thread.tid);
	CALL(&go, 0, sem_post, (&go), 0, "-");
	calls_join(&thread, PTHREAD_CANCELED);
}

static pthread_once_t once = PTHREAD_ONCE_INIT;
static int initialised;

static void init(void)
{
	LOCK(&mutex);
	initialised++;
	UNLOCK(&mutex);
}

static void init_slowly(void)
{
	calls_expect("sem_wait", (uintptr_t)&go, 0, 0, "request blocked");
	calls_will_sleep();
	sem_wait(&go);
	initialised++;
}

static void init_cancelled(void)
{
	calls_expect("sem_wait", (uintptr_t)&never, 0, ECANCELED, "request blocked!");
	calls_expect("pthread_once", (uintptr_t)&once, 0, ECANCELED, "blocked!");
	calls_will_sleep();
	sem_wait(&never);
}

/* The initialiser's records stand between request and completion. */
static void *call_once_with(void (*initialise)(void))
{
	calls_expect("pthread_once", (uintptr_t)&once, 0, 0, "request");
	CALL(&once, 0, pthread_once, (&once, initialise), 0, "blocked");
	return NULL;
}

static void *once_slowly(void *unused)
{
	(void)unused;
	return call_once_with(init_slowly);
}

static void *once_cancelled(void *unused)
{
	(void)unused;
	return call_once_with(init_cancelled);
}

static void *once_waits(void *unused)
{
	(void)unused;
	calls_will_sleep();
	CALL(&once, 0, pthread_once, (&once, abort), 0, "request blocked");
	return NULL;
}

static pthread_once_t inner = PTHREAD_ONCE_INIT;
static jmp_buf before;

static void init_jumps(void)
{
	longjmp(before, 1);
}

static void init_nested(void)
{
	calls_expect("pthread_once", (uintptr_t)&inner, 0, 0, "request");
	CALL(&inner, 0, pthread_once, (&inner, init), 0, "blocked");
	initialised++;
}

/* What is jumped out of does not end, and what comes after is as if it had never been. */
static void jumps_and_nests(void)
{
	if (!setjmp(before)) {
		calls_expect("pthread_once", (uintptr_t)&once, 0, 0, "request");
		pthread_once(&once, init_jumps);
	}
	once = PTHREAD_ONCE_INIT;
	call_once_with(init_nested);
}

static void onces(void)
{
	struct calls_thread first, second;

	call_once_with(init);
	CALLS_IS(initialised, 1);
	CALL(&once, 0, pthread_once, (&once, abort), 0, ""); /* over: nothing */

	once = PTHREAD_ONCE_INIT;
	calls_start_asleep(&first, once_slowly, NULL);
	calls_start_asleep(&second, once_waits, NULL);
	CALL(&go, 0, sem_post, (&go), 0, "-");
	calls_join(&first, NULL);
	calls_join(&second, NULL);
	CALLS_IS(initialised, 2);

	once = PTHREAD_ONCE_INIT;
	calls_start_asleep(&first, once_cancelled, NULL);
	calls_cancel(&first);
	calls_join(&first, PTHREAD_CANCELED);
	call_once_with(init); /* as if that had never been */
	CALLS_IS(initialised, 3);

	once = PTHREAD_ONCE_INIT;
	jumps_and_nests();
	CALLS_IS(initialised, 5);
}

int main(void)
{
	pthread_key_create(&key, destroy_key);
	CALL(&never, 0, sem_init, (&never, 0, 0), 0, "-");
	CALL(&go, 0, sem_init, (&go, 0, 0), 0, "-");
	ends();
	onces();
	return calls_end();
}
