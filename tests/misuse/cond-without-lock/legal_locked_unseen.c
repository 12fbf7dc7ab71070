/*
 * Locks that are taken or given back by libc's functions as dlsym finds them, which conctrace does
 * not see: a wait that is seen has its mutex none the less, and once only.
 */
#include <dlfcn.h>
#include <pthread.h>
#include <string.h>
#include <time.h>

typedef int mutex_function(pthread_mutex_t *);

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static const struct timespec past;

static mutex_function *find(void *libc, const char *name)
{
	void *found = dlsym(libc, name);
	mutex_function *function;

	memcpy(&function, &found, sizeof function);
	return function;
}

int main(void)
{
	void *libc = dlopen("libc.so.6", RTLD_NOW);
	mutex_function *unseen_lock = find(libc, "pthread_mutex_lock");
	mutex_function *unseen_unlock = find(libc, "pthread_mutex_unlock");

	unseen_lock(&lock);
	pthread_cond_timedwait(&changed, &lock, &past);
	pthread_mutex_unlock(&lock);
	pthread_mutex_lock(&lock);
	unseen_unlock(&lock);
	pthread_mutex_lock(&lock);
	pthread_cond_timedwait(&changed, &lock, &past);
	pthread_mutex_unlock(&lock);
	pthread_mutex_destroy(&lock);
	pthread_cond_destroy(&changed);
	return dlclose(libc);
}
