/*
 * PTHREAD_PROCESS_SHARED in memory from malloc: each of the two children locks a mutex of its own,
 * and both are in the critical section at once.
 *
 * expect: not-process-shared - work_second work_first init_lock main error
 */
#include <pthread.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static void init_lock(pthread_mutex_t *lock)
{
	pthread_mutexattr_t attr;

	pthread_mutexattr_init(&attr);
	pthread_mutexattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
	pthread_mutex_init(lock, &attr);
	pthread_mutexattr_destroy(&attr);
}

static void meet(int out, int in)
{
	char byte = 0;

	if (write(out, &byte, 1) != 1 || read(in, &byte, 1) != 1)
		_exit(1);
}

static void work_first(pthread_mutex_t *lock, int out, int in)
{
	char byte;

	if (read(in, &byte, 1) != 1)
		_exit(1);
	pthread_mutex_lock(lock);
	meet(out, in);
	pthread_mutex_unlock(lock);
	meet(out, in);
}

static void work_second(pthread_mutex_t *lock, int out, int in)
{
	char byte;

	if (read(in, &byte, 1) != 1)
		_exit(1);
	pthread_mutex_lock(lock);
	if (write(out, &byte, 1) != 1)
		_exit(1);
	pthread_mutex_unlock(lock);
	meet(out, in);
}

int main(void)
{
	pthread_mutex_t *lock = malloc(sizeof(*lock));
	int there[2], back[2];

	init_lock(lock);
	if (pipe(there) || pipe(back))
		return 1;
	if (fork() == 0) {
		work_first(lock, there[1], back[0]);
		_exit(0);
	}
	if (fork() == 0) {
		work_second(lock, back[1], there[0]);
		_exit(0);
	}
	if (write(back[1], "", 1) != 1)
		return 1;
	wait(NULL);
	wait(NULL);
	pthread_mutex_destroy(lock);
	free(lock);
	return 0;
}
