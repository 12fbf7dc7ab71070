/*
 * A mutex, a condition variable and a read-write lock are used after their destruction. Only the
 * mutex says so, with EINVAL; the others seem to work.
 *
 * expect: use-after-destroy mutex lock_it destroy_all init_all error
 * expect: use-after-destroy mutex unlock_it destroy_all
 * expect: use-after-destroy mutex try_it destroy_all
 * expect: use-after-destroy changed signal_it destroy_all
 * expect: use-after-destroy changed broadcast_it destroy_all
 * expect: use-after-destroy rwlock read_it destroy_all
 * expect: use-after-destroy rwlock unread_it destroy_all
 */
#include <pthread.h>

static pthread_mutex_t mutex;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;

static void init_all(void)
{
	pthread_mutex_init(&mutex, NULL);
}

static void destroy_all(void)
{
	pthread_mutex_destroy(&mutex);
	pthread_cond_destroy(&changed);
	pthread_rwlock_destroy(&rwlock);
}

static void lock_it(void)
{
	pthread_mutex_lock(&mutex);
}

static void unlock_it(void)
{
	pthread_mutex_unlock(&mutex);
}

static void try_it(void)
{
	pthread_mutex_trylock(&mutex);
}

static void signal_it(void)
{
	pthread_cond_signal(&changed);
}

static void broadcast_it(void)
{
	pthread_cond_broadcast(&changed);
}

static void read_it(void)
{
	pthread_rwlock_rdlock(&rwlock);
}

static void unread_it(void)
{
	pthread_rwlock_unlock(&rwlock);
}

static void *use_all(void *unused)
{
	lock_it();
	unlock_it();
	try_it();
	signal_it();
	broadcast_it();
	read_it();
	unread_it();
	return unused;
}

int main(void)
{
	pthread_t thread;

	init_all();
	pthread_mutex_lock(&mutex);
	pthread_cond_signal(&changed);
	pthread_mutex_unlock(&mutex);
	pthread_rwlock_wrlock(&rwlock);
	pthread_rwlock_unlock(&rwlock);
	destroy_all();
	pthread_create(&thread, NULL, use_all, NULL);
	return pthread_join(thread, NULL);
}
