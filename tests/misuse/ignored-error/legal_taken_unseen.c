/*
 * The second try to take the lock succeeds, by libc's function as dlsym finds it, which conctrace
 * does not see: what is unlocked then is the thread's own.
 */
#include <dlfcn.h>
#include <pthread.h>
#include <string.h>

typedef int mutex_function(pthread_mutex_t *);

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_barrier_t step;
static mutex_function *unseen_lock;

static void *ask_twice(void *arg)
{
	if (pthread_mutex_trylock(&lock) == 0)
		pthread_mutex_unlock(&lock);
	pthread_barrier_wait(&step);
	pthread_barrier_wait(&step);
	unseen_lock(&lock);
	pthread_mutex_unlock(&lock);
	return arg;
}

int main(void)
{
	void *libc = dlopen("libc.so.6", RTLD_NOW);
	void *found = dlsym(libc, "pthread_mutex_lock");
	pthread_t asker;

	memcpy(&unseen_lock, &found, sizeof unseen_lock);
	pthread_barrier_init(&step, NULL, 2);
	pthread_mutex_lock(&lock);
	pthread_create(&asker, NULL, ask_twice, NULL);
	pthread_barrier_wait(&step);
	pthread_mutex_unlock(&lock);
	pthread_barrier_wait(&step);
	pthread_join(asker, NULL);
	pthread_barrier_destroy(&step);
	return dlclose(libc);
}
