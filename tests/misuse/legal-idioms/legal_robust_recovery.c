/*
 * Robust mutexes: a thread, and then a process, end while they hold one; the next owner is told so
 * (EOWNERDEAD), mends the data and says that it did. A third mutex is given up on purpose: who
 * comes after gets ENOTRECOVERABLE and does without, until it is destroyed and made anew.
 */
#include <errno.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static pthread_mutex_t *in_thread, *in_process, *given_up;

static void init(pthread_mutex_t *mutex)
{
	pthread_mutexattr_t attributes;

	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
	pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
	pthread_mutex_init(mutex, &attributes);
	pthread_mutexattr_destroy(&attributes);
}

static void *die_with_locks(void *unused)
{
	pthread_mutex_lock(in_thread);
	pthread_mutex_lock(given_up);
	return unused;
}

static int recover(pthread_mutex_t *mutex)
{
	int error = pthread_mutex_lock(mutex);

	if (error == EOWNERDEAD)
		pthread_mutex_consistent(mutex);
	pthread_mutex_unlock(mutex);
	return error == EOWNERDEAD && pthread_mutex_lock(mutex) == 0 &&
	       pthread_mutex_unlock(mutex) == 0;
}

static void *ask(void *out_error)
{
	*(int *)out_error = pthread_mutex_lock(given_up);
	return NULL;
}

static int give_up(void)
{
	pthread_t thread;
	int error;

	if (pthread_mutex_lock(given_up) != EOWNERDEAD)
		return 0;
	pthread_mutex_unlock(given_up);
	pthread_create(&thread, NULL, ask, &error);
	pthread_join(thread, NULL);
	if (error != ENOTRECOVERABLE)
		return 0;
	pthread_mutex_destroy(given_up);
	init(given_up);
	return pthread_mutex_lock(given_up) == 0 && pthread_mutex_unlock(given_up) == 0;
}

int main(void)
{
	pthread_t thread;
	pthread_mutex_t *mutexes =
		mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	in_thread = &mutexes[0];
	in_process = &mutexes[1];
	given_up = &mutexes[2];
	init(in_thread);
	init(in_process);
	init(given_up);
	pthread_create(&thread, NULL, die_with_locks, NULL);
	pthread_join(thread, NULL);
	pid_t child = fork();
	if (child == 0) {
		pthread_mutex_lock(in_process);
		_exit(0);
	}
	waitpid(child, NULL, 0);
	return !(recover(in_thread) && recover(in_process) && give_up());
}
