/*
 * Two locks of the program's own, taken in both orders.
 *
 *   order         one thread after the other: nothing happens
 *   hang HOW      each waits for the other's lock: asleep in the kernel (sleep), with a mutex and a
 *                 condition variable (cond), or turning round (spin)
 */
#include "../../../preload/conctrace.h"

#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

struct lock {
	atomic_int taken;
	pthread_mutex_t mutex;
	pthread_cond_t cond;
};

static struct lock first = {0, PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER};
static struct lock second = {0, PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER};
static const char *how = "spin";
static pthread_barrier_t both;
static bool hangs;
static atomic_bool forth_is_done;

static bool try(struct lock *lock)
{
	return atomic_exchange(&lock->taken, 1) == 0;
}

static void wait_for(struct lock *lock)
{
	if (strcmp(how, "cond") == 0) {
		pthread_mutex_lock(&lock->mutex);
		while (!try(lock))
			pthread_cond_wait(&lock->cond, &lock->mutex);
		pthread_mutex_unlock(&lock->mutex);
		return;
	}
	while (!try(lock))
		if (strcmp(how, "sleep") == 0)
			syscall(SYS_futex, &lock->taken, FUTEX_WAIT_PRIVATE, 1, NULL, NULL, 0);
		else
			sched_yield();
}

static void lock(struct lock *lock)
{
	if (!try(lock)) {
		CONCTRACE_LOCK_REQUEST(lock);
		wait_for(lock);
	}
	CONCTRACE_LOCK_ACQUIRED(lock);
}

static void unlock(struct lock *lock)
{
	CONCTRACE_LOCK_RELEASE(lock);
	atomic_store(&lock->taken, 0);
	if (strcmp(how, "sleep") == 0)
		syscall(SYS_futex, &lock->taken, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
	pthread_mutex_lock(&lock->mutex);
	pthread_cond_signal(&lock->cond);
	pthread_mutex_unlock(&lock->mutex);
}

static void *forth(void *unused)
{
	CONCTRACE_THREAD_NAME("forth");
	lock(&first);
	if (hangs)
		pthread_barrier_wait(&both);
	lock(&second);
	unlock(&second);
	unlock(&first);
	atomic_store(&forth_is_done, true);
	return unused;
}

static void *back(void *unused)
{
	CONCTRACE_THREAD_NAME("back");
	lock(&second);
	if (hangs)
		pthread_barrier_wait(&both);
	lock(&first);
	unlock(&first);
	unlock(&second);
	return unused;
}

int main(int argc, char **argv)
{
	pthread_t threads[2];

	hangs = argc > 1 && strcmp(argv[1], "hang") == 0;
	if (argc > 2)
		how = argv[2];
	pthread_barrier_init(&both, NULL, 2);
	CONCTRACE_NAME(&first, "ledger");
	CONCTRACE_NAME(&second, "journal");
	pthread_create(&threads[0], NULL, forth, NULL);
	/* no join: nothing that is recorded may say that the one comes before the other */
	while (!hangs && !atomic_load(&forth_is_done))
		sched_yield();
	pthread_create(&threads[1], NULL, back, NULL);
	pthread_join(threads[0], NULL);
	pthread_join(threads[1], NULL);
	puts("done");
	return 0;
}
