/*
 * The lock is not to be had in time, and the worker goes on as if it were.
 *
 * expect: ignored-error table_lock put_back ask_for_it error
 * also: exit-holding-lock
 */
#include <pthread.h>
#include <time.h>

static pthread_rwlock_t table_lock = PTHREAD_RWLOCK_INITIALIZER;
static int table;

static void ask_for_it(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	pthread_rwlock_timedwrlock(&table_lock, &now);
}

static void put_back(void)
{
	pthread_rwlock_unlock(&table_lock);
}

static void *fill(void *unused)
{
	ask_for_it();
	table++;
	put_back();
	return unused;
}

int main(void)
{
	pthread_t worker;

	pthread_rwlock_rdlock(&table_lock);
	pthread_create(&worker, NULL, fill, NULL);
	pthread_join(worker, NULL);
	return table != 1;
}
