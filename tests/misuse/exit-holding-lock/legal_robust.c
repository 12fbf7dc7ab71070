/*
 * A robust mutex is made for holders that end: the next one is told.
 */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static void *work(void *mutex)
{
	pthread_mutex_lock(mutex);
	return NULL;
}

static void recover(pthread_mutex_t *mutex)
{
	if (pthread_mutex_lock(mutex) != EOWNERDEAD)
		abort();
	pthread_mutex_consistent(mutex);
	pthread_mutex_unlock(mutex);
}

int main(void)
{
	pthread_mutex_t *mutex = mmap(NULL, sizeof(*mutex), PROT_READ | PROT_WRITE,
				      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pthread_mutexattr_t attributes;
	pthread_t thread;

	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
	pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
	pthread_mutex_init(mutex, &attributes);
	pthread_create(&thread, NULL, work, mutex);
	pthread_join(thread, NULL);
	recover(mutex);
	if (fork() == 0) {
		work(mutex);
		_exit(0);
	}
	wait(NULL);
	recover(mutex);
	pthread_mutex_destroy(mutex);
	return 0;
}
