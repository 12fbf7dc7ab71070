/*
 * A function that locks for itself is called by one that holds the lock to write. It is refused
 * (EDEADLK; another C library waits for ever), does not look, and unlocks what its caller holds.
 * The caller's unlock is then of a lock that nobody holds; what is told is the call that was not
 * looked at.
 *
 * expect: ignored-error table write_all write_one
 */
#include <pthread.h>

static pthread_rwlock_t table = PTHREAD_RWLOCK_INITIALIZER;
static int entries[2];

static void write_one(int number)
{
	pthread_rwlock_wrlock(&table);
	entries[number]++;
	pthread_rwlock_unlock(&table);
}

static void write_all(void)
{
	pthread_rwlock_wrlock(&table);
	write_one(0);
	pthread_rwlock_unlock(&table);
}

int main(void)
{
	write_all();
	return 0;
}
