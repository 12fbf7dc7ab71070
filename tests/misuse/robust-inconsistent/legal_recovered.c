/*
 * Whoever gets a robust mutex after the death of its holder says so when the data are mended: by a
 * lock, a try, and in a condition wait that comes back with EOWNERDEAD.
 */
#include <errno.h>
#include <pthread.h>

static pthread_mutex_t table;
static pthread_cond_t locked = PTHREAD_COND_INITIALIZER;
static int is_locked;

static void *die_with_lock(void *unused)
{
	pthread_mutex_lock(&table);
	is_locked = 1;
	pthread_cond_signal(&locked);
	return unused;
}

static void kill_holder(void)
{
	pthread_t thread;

	pthread_create(&thread, NULL, die_with_lock, NULL);
	pthread_join(thread, NULL);
}

static int recover(int (*lock)(pthread_mutex_t *))
{
	kill_holder();
	if (lock(&table) != EOWNERDEAD || pthread_mutex_consistent(&table))
		return 1;
	return pthread_mutex_unlock(&table);
}

static int recover_in_wait(void)
{
	pthread_t thread;
	int error = 0;

	pthread_mutex_lock(&table);
	is_locked = 0;
	pthread_create(&thread, NULL, die_with_lock, NULL);
	while (error == 0 && !is_locked)
		error = pthread_cond_wait(&locked, &table);
	if (error == EOWNERDEAD)
		pthread_mutex_consistent(&table);
	pthread_mutex_unlock(&table);
	return pthread_join(thread, NULL) || error != EOWNERDEAD;
}

int main(void)
{
	pthread_mutexattr_t attributes;

	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
	pthread_mutex_init(&table, &attributes);
	return recover(pthread_mutex_lock) || recover(pthread_mutex_trylock) || recover_in_wait();
}
