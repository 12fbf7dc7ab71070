/*
 * C11: nobody ever locks the mutex, but the wait itself, when it returns. The signaller does not
 * either, which is legal, but then it may come between test and wait.
 *
 * expect: cond-without-lock started wait_unlocked error
 */
#include <stdatomic.h>
#include <threads.h>
#include <time.h>

static mtx_t lock;
static cnd_t started;
static atomic_int running;

static int start(void *arg)
{
	(void)arg;
	running = 1;
	cnd_signal(&started);
	return 0;
}

static void wait_unlocked(void)
{
	struct timespec soon;

	timespec_get(&soon, TIME_UTC);
	soon.tv_nsec = (soon.tv_nsec + 20000000) % 1000000000;
	cnd_timedwait(&started, &lock, &soon);
	mtx_unlock(&lock);
}

int main(void)
{
	thrd_t thread;

	mtx_init(&lock, mtx_plain | mtx_timed);
	cnd_init(&started);
	if (!running)
		wait_unlocked();
	thrd_create(&thread, start, NULL);
	thrd_join(thread, NULL);
	cnd_destroy(&started);
	mtx_destroy(&lock);
	return 0;
}
