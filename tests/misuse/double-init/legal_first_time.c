/*
 * A static initialiser, and then the function, for attributes that the initialiser cannot give:
 * nothing was initialised by a call before. And each child of a fork begins its copies anew, also
 * of locks that its parent held at the fork.
 */
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t list = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed;

static void init_all(void)
{
	pthread_mutexattr_t attributes;

	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE);
	pthread_mutex_init(&mutex, &attributes);
	pthread_mutex_init(&list, NULL);
	pthread_cond_init(&changed, NULL);
	pthread_mutexattr_destroy(&attributes);
}

static void before(void)
{
	pthread_mutex_lock(&list);
}

static void in_parent(void)
{
	pthread_mutex_unlock(&list);
}

int main(void)
{
	init_all();
	pthread_atfork(before, in_parent, init_all);
	for (int i = 0; i < 3; i++) {
		pid_t child = fork();

		if (child == 0) {
			pthread_mutex_lock(&mutex);
			pthread_mutex_lock(&list);
			pthread_mutex_unlock(&list);
			pthread_mutex_unlock(&mutex);
			_exit(0);
		}
		waitpid(child, NULL, 0);
	}
	return 0;
}
