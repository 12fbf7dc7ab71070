/*
 * A spin lock is taken by main for the worker, who gives it back. glibc's spin lock has no owner,
 * so it works here; POSIX leaves it undefined.
 *
 * expect: unlock-not-owner slot leave_slot take_slot error
 */
#include <pthread.h>

static pthread_spinlock_t slot;

static void take_slot(void)
{
	pthread_spin_lock(&slot);
}

static void leave_slot(void)
{
	pthread_spin_unlock(&slot);
}

static void *work(void *unused)
{
	leave_slot();
	return unused;
}

int main(void)
{
	pthread_t worker;

	pthread_spin_init(&slot, PTHREAD_PROCESS_PRIVATE);
	take_slot();
	pthread_create(&worker, NULL, work, NULL);
	pthread_join(worker, NULL);
	return pthread_spin_destroy(&slot);
}
