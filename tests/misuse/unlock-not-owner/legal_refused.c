/*
 * Mutexes that know their owner refuse the unlock of another thread with EPERM: nothing happens to
 * them, and who asks is told.
 */
#include <errno.h>
#include <pthread.h>

static pthread_mutex_t checked = PTHREAD_ERRORCHECK_MUTEX_INITIALIZER_NP;
static pthread_mutex_t recursive = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
static pthread_mutex_t robust;
static pthread_mutex_t *const mutexes[] = {&checked, &recursive, &robust};

static void *try_to_unlock(void *unused)
{
	for (int i = 0; i < 3; i++)
		if (pthread_mutex_unlock(mutexes[i]) != EPERM)
			return &checked;
	return unused;
}

int main(void)
{
	pthread_mutexattr_t attributes;
	pthread_t thread;
	void *result;

	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
	pthread_mutex_init(&robust, &attributes);
	for (int i = 0; i < 3; i++)
		pthread_mutex_lock(mutexes[i]);
	pthread_create(&thread, NULL, try_to_unlock, NULL);
	pthread_join(thread, &result);
	for (int i = 0; i < 3; i++)
		pthread_mutex_unlock(mutexes[i]);
	/* once more than it was locked */
	if (pthread_mutex_unlock(&recursive) != EPERM || pthread_mutex_unlock(&checked) != EPERM)
		return 1;
	return result ? 1 : pthread_mutex_destroy(&robust);
}
