/*
 * The wrong one of two locks is unlocked: that one was never locked.
 *
 * expect: unlock-unlocked second unlock_wrong_one make_locks error
 */
#include <pthread.h>

static pthread_mutex_t first, second;

static void make_locks(void)
{
	pthread_mutex_init(&first, NULL);
	pthread_mutex_init(&second, NULL);
}

static void unlock_wrong_one(void)
{
	pthread_mutex_unlock(&second);
}

int main(void)
{
	make_locks();
	pthread_mutex_lock(&first);
	unlock_wrong_one();
	return pthread_mutex_unlock(&first);
}
