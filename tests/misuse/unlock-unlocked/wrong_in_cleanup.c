/*
 * A cleanup handler that unlocks is left in place after the unlock: the thread ends in between, and
 * unlocks again.
 *
 * expect: unlock-unlocked log unlock_in_cleanup unlock_log error
 */
#include <pthread.h>

static pthread_mutex_t log = PTHREAD_MUTEX_INITIALIZER;

static void unlock_in_cleanup(void *unused)
{
	(void)unused;
	pthread_mutex_unlock(&log);
}

static void unlock_log(void)
{
	pthread_mutex_unlock(&log);
}

static void *work(void *unused)
{
	pthread_mutex_lock(&log);
	pthread_cleanup_push(unlock_in_cleanup, NULL);
	unlock_log();
	pthread_exit(unused);
	pthread_cleanup_pop(0);
	return unused;
}

int main(void)
{
	pthread_t worker;

	pthread_create(&worker, NULL, work, NULL);
	return pthread_join(worker, NULL);
}
