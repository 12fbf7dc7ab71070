/*
 * What a dead thread was amid cannot be mended: who is told of it unlocks without a word, whoever
 * asks then is refused (ENOTRECOVERABLE) and leaves it alone, and the mutex is destroyed and, where
 * it is wanted again, made anew. POSIX has it so.
 */
#include <errno.h>
#include <pthread.h>

static pthread_mutex_t table;

static void make(void)
{
	pthread_mutexattr_t attributes;

	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
	pthread_mutex_init(&table, &attributes);
	pthread_mutexattr_destroy(&attributes);
}

static void *lock(void *out_error)
{
	*(int *)out_error = pthread_mutex_lock(&table);
	return NULL;
}

static int lock_in_thread(void)
{
	pthread_t thread;
	int error;

	pthread_create(&thread, NULL, lock, &error);
	pthread_join(thread, NULL);
	return error;
}

static int give_up(void)
{
	if (lock_in_thread() || pthread_mutex_lock(&table) != EOWNERDEAD)
		return 1;
	return pthread_mutex_unlock(&table);
}

int main(void)
{
	make();
	if (give_up() || lock_in_thread() != ENOTRECOVERABLE || pthread_mutex_destroy(&table))
		return 1;
	make();
	if (pthread_mutex_lock(&table) || pthread_mutex_unlock(&table))
		return 1;
	return give_up(); /* nobody asks again */
}
