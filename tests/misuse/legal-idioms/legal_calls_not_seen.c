/*
 * Half of the calls go straight to libc's functions, found by dlsym, as some libraries do: locks
 * that are taken in one way and given back in the other, initialised in one and destroyed in the
 * other.
 */
#include <dlfcn.h>
#include <pthread.h>
#include <string.h>

typedef int mutex_function(pthread_mutex_t *);
typedef int init_function(pthread_mutex_t *, const pthread_mutexattr_t *);

static void *libc;

static void find(void *out_function, const char *name)
{
	void *found = dlsym(libc, name);

	memcpy(out_function, &found, sizeof found);
}

static void mutexes(void)
{
	pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
	mutex_function *lock, *unlock, *destroy;
	init_function *init;

	find(&lock, "pthread_mutex_lock");
	find(&unlock, "pthread_mutex_unlock");
	find(&destroy, "pthread_mutex_destroy");
	find(&init, "pthread_mutex_init");
	for (int i = 0; i < 2; i++) {
		lock(&mutex);
		pthread_mutex_unlock(&mutex);
		pthread_mutex_lock(&mutex);
		unlock(&mutex);
		pthread_mutex_lock(&mutex);
		pthread_mutex_unlock(&mutex);
		destroy(&mutex);
		pthread_mutex_init(&mutex, NULL);
		pthread_mutex_destroy(&mutex);
		init(&mutex, NULL);
	}
}

int main(void)
{
	libc = dlopen("libc.so.6", RTLD_NOW);
	mutexes();
	return dlclose(libc);
}
