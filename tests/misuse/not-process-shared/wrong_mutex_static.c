/*
 * A static initialiser makes a mutex for the threads of one process, wherever it lies: in shared
 * memory a mutex needs pthread_mutex_init with PTHREAD_PROCESS_SHARED.
 *
 * expect: not-process-shared - lock_in_parent lock_in_child error
 */
#include <pthread.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static void lock_in_child(pthread_mutex_t *lock)
{
	pthread_mutex_lock(lock);
	pthread_mutex_unlock(lock);
}

static void lock_in_parent(pthread_mutex_t *lock)
{
	pthread_mutex_lock(lock);
	pthread_mutex_unlock(lock);
}

int main(void)
{
	pthread_mutex_t *lock = mmap(NULL, sizeof(*lock), PROT_READ | PROT_WRITE,
				     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int done[2];
	char byte = 0;
	pid_t child;

	*lock = (pthread_mutex_t)PTHREAD_MUTEX_INITIALIZER;
	if (pipe(done))
		return 1;
	child = fork();
	if (child == 0) {
		lock_in_child(lock);
		if (write(done[1], &byte, 1) != 1)
			_exit(1);
		_exit(0);
	}
	if (read(done[0], &byte, 1) != 1)
		return 1;
	lock_in_parent(lock);
	waitpid(child, NULL, 0);
	return 0;
}
