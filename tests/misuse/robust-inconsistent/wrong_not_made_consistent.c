/*
 * A thread dies with a robust mutex. Main gets it, is told so by EOWNERDEAD, mends the data and
 * unlocks; as it has not said that all is well, the mutex cannot be locked any more by anybody.
 *
 * expect: robust-inconsistent table unlock_table lock_table ask_again die_with_lock error
 */
#include <errno.h>
#include <pthread.h>

static pthread_mutex_t table;

static void *die_with_lock(void *unused)
{
	pthread_mutex_lock(&table);
	return unused;
}

static int lock_table(void)
{
	return pthread_mutex_lock(&table);
}

static void unlock_table(void)
{
	pthread_mutex_unlock(&table);
}

static int ask_again(void)
{
	return pthread_mutex_lock(&table);
}

int main(void)
{
	pthread_mutexattr_t attributes;
	pthread_t thread;

	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
	pthread_mutex_init(&table, &attributes);
	pthread_create(&thread, NULL, die_with_lock, NULL);
	pthread_join(thread, NULL);
	if (lock_table() != EOWNERDEAD)
		return 1;
	unlock_table();
	return ask_again() != ENOTRECOVERABLE;
}
