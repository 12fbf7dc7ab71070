/* Two threads take two locks of the program's own in opposite orders. The locks wait asleep between
 * two looks (sleep), at a condition variable (cond), or by turning round (spin); or they are made
 * of smaller ones, which are annotated as well (nested). */
#include "../../preload/conctrace.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "support/hang.h"

struct lock {
	atomic_int taken, guard;
	pthread_mutex_t mutex;
	pthread_cond_t cond;
};

static struct lock index_lock = {0, 0, PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER};
static struct lock table_lock = {0, 0, PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER};

/* The limit only makes it look again. */
static void wait_a_little(struct lock *lock)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_nsec += 10000000;
	until.tv_sec += until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	pthread_mutex_lock(&lock->mutex);
	if (atomic_load(&lock->taken))
		pthread_cond_timedwait(&lock->cond, &lock->mutex, &until);
	pthread_mutex_unlock(&lock->mutex);
}

static bool try(struct lock *lock)
{
	bool nested = strcmp(hang_variant, "nested") == 0, got;

	if (nested && atomic_exchange(&lock->guard, 1)) {
		CONCTRACE_LOCK_REQUEST(&lock->guard);
		while (atomic_exchange(&lock->guard, 1))
			sched_yield();
	}
	if (nested)
		CONCTRACE_LOCK_ACQUIRED(&lock->guard);
	got = !atomic_exchange(&lock->taken, 1);
	if (nested) {
		CONCTRACE_LOCK_RELEASE(&lock->guard);
		atomic_store(&lock->guard, 0);
	}
	return got;
}

static void take(struct lock *lock)
{
	if (!try(lock)) {
		CONCTRACE_LOCK_REQUEST(lock);
		while (!try(lock)) {
			if (strcmp(hang_variant, "spin") == 0)
				sched_yield();
			else if (strcmp(hang_variant, "cond") == 0)
				wait_a_little(lock);
			else
				usleep(1000);
		}
	}
	CONCTRACE_LOCK_ACQUIRED(lock);
}

static void give_back(struct lock *lock)
{
	CONCTRACE_LOCK_RELEASE(lock);
	pthread_mutex_lock(&lock->mutex);
	atomic_store(&lock->taken, 0);
	pthread_cond_signal(&lock->cond);
	pthread_mutex_unlock(&lock->mutex);
}

static void take_both(struct lock *first, struct lock *second, bool last)
{
	take(first);
	hang_step(0);
	hang_await(0, 2);
	if (last)
		hang_last(1); /* main; the other one wakes again and again */
	take(second);
	give_back(second);
	give_back(first);
}

static void *insert(void *unused)
{
	(void)unused;
	take_both(&index_lock, &table_lock, false);
	return NULL;
}

static void *rebuild(void *unused)
{
	(void)unused;
	if (hang_fixed)
		take_both(&index_lock, &table_lock, true);
	else
		take_both(&table_lock, &index_lock, true);
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t inserter, rebuilder;

	hang_begin(argc, argv);
	pthread_create(&inserter, NULL, insert, NULL);
	pthread_create(&rebuilder, NULL, rebuild, NULL);
	hang_sleep();
	pthread_join(inserter, NULL);
	return pthread_join(rebuilder, NULL);
}
