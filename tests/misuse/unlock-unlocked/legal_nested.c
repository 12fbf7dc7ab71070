/*
 * A recursive mutex and a read-write lock for reading may be taken again by who has them, and are
 * given back as often. A condition wait gives back the mutex and takes it again by itself.
 */
#include <pthread.h>

static pthread_mutex_t recursive = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
static int ready;

static void descend(int depth)
{
	pthread_mutex_lock(&recursive);
	pthread_rwlock_rdlock(&rwlock);
	if (depth)
		descend(depth - 1);
	pthread_rwlock_unlock(&rwlock);
	pthread_mutex_unlock(&recursive);
}

static void *wait_and_descend(void *unused)
{
	pthread_mutex_lock(&mutex);
	while (!ready)
		pthread_cond_wait(&changed, &mutex);
	pthread_mutex_unlock(&mutex);
	descend(5);
	return unused;
}

int main(void)
{
	pthread_t thread;

	pthread_create(&thread, NULL, wait_and_descend, NULL);
	descend(5);
	pthread_mutex_lock(&mutex);
	ready = 1;
	pthread_cond_signal(&changed);
	pthread_mutex_unlock(&mutex);
	return pthread_join(thread, NULL);
}
