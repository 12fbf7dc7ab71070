/*
 * Legal: a mutex for one process, in shared memory, that two processes use one after the other: the
 * parent before the fork and after it waited for its child.
 */
#include <pthread.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static void add(pthread_mutex_t *lock, int *value)
{
	pthread_mutex_lock(lock);
	++*value;
	pthread_mutex_unlock(lock);
}

int main(void)
{
	struct shared {
		pthread_mutex_t lock;
		int value;
	} *shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
			 -1, 0);
	pid_t child;

	pthread_mutex_init(&shared->lock, NULL);
	add(&shared->lock, &shared->value);
	child = fork();
	if (child == 0) {
		add(&shared->lock, &shared->value);
		_exit(0);
	}
	waitpid(child, NULL, 0);
	add(&shared->lock, &shared->value);
	pthread_mutex_destroy(&shared->lock);
	return shared->value == 3 ? 0 : 1;
}
