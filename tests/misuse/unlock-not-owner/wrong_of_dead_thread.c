/*
 * A thread ends with a lock that it forgot, and main "mends" that by unlocking for it. Only the
 * thread itself could have done so; a robust mutex tells who comes next that its holder has died.
 *
 * expect: unlock-not-owner table unlock_for_dead forget_lock error
 */
#include <pthread.h>

static pthread_mutex_t table = PTHREAD_MUTEX_INITIALIZER;

static void *forget_lock(void *unused)
{
	pthread_mutex_lock(&table);
	return unused;
}

static void unlock_for_dead(void)
{
	pthread_mutex_unlock(&table);
}

int main(void)
{
	pthread_t thread;

	pthread_create(&thread, NULL, forget_lock, NULL);
	pthread_join(thread, NULL);
	unlock_for_dead();
	return pthread_mutex_destroy(&table);
}
