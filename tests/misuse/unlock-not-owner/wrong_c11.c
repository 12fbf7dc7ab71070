/*
 * The same with C11's mutexes: T2 unlocks what main has locked, and walks through a lock that is
 * still held. Main's own unlock, which comes later, is no second mistake.
 *
 * expect: unlock-not-owner accounts clear_lock lock_accounts error
 */
#include <pthread.h>
#include <threads.h>

static mtx_t accounts;
static pthread_barrier_t step;

static void lock_accounts(void)
{
	mtx_lock(&accounts);
}

static void clear_lock(void)
{
	mtx_unlock(&accounts);
}

static int intrude(void *unused)
{
	(void)unused;
	pthread_barrier_wait(&step);
	clear_lock();
	pthread_barrier_wait(&step);
	return 0;
}

int main(void)
{
	thrd_t intruder;

	mtx_init(&accounts, mtx_plain);
	pthread_barrier_init(&step, NULL, 2);
	thrd_create(&intruder, intrude, NULL);
	lock_accounts();
	pthread_barrier_wait(&step);
	pthread_barrier_wait(&step);
	mtx_unlock(&accounts);
	thrd_join(intruder, NULL);
	return 0;
}
