/*
 * A thread forks while it holds locks; the child holds its copies of them, and gives them back. So
 * does a grandchild, and the parent gives back its own.
 */
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

static pthread_mutex_t table = PTHREAD_MUTEX_INITIALIZER;
static pthread_rwlock_t names = PTHREAD_RWLOCK_INITIALIZER;

static void unlock_and_use(void)
{
	pthread_mutex_unlock(&table);
	pthread_rwlock_unlock(&names);
	pthread_mutex_lock(&table);
	pthread_rwlock_rdlock(&names);
	pthread_rwlock_unlock(&names);
	pthread_mutex_unlock(&table);
}

static int fork_twice(void)
{
	pid_t child, grandchild;

	pthread_mutex_lock(&table);
	pthread_rwlock_rdlock(&names);
	child = fork();
	if (child == 0) {
		grandchild = fork();
		unlock_and_use();
		if (grandchild > 0)
			waitpid(grandchild, NULL, 0);
		_exit(0);
	}
	waitpid(child, NULL, 0);
	unlock_and_use();
	return 0;
}

int main(void)
{
	return fork_twice();
}
