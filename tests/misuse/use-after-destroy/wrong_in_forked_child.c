/*
 * A parent destroys a mutex and a condition variable, and forks. The child has copies of them as
 * they are: destroyed.
 *
 * expect: use-after-destroy mutex lock_it destroy_it error
 * expect: use-after-destroy changed signal_it destroy_it
 */
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;

static void destroy_it(void)
{
	pthread_mutex_destroy(&mutex);
	pthread_cond_destroy(&changed);
}

static void lock_it(void)
{
	pthread_mutex_lock(&mutex);
}

static void signal_it(void)
{
	pthread_cond_signal(&changed);
}

int main(void)
{
	pid_t child;

	destroy_it();
	child = fork();
	if (child == 0) {
		lock_it();
		signal_it();
		_exit(0);
	}
	waitpid(child, NULL, 0);
	return 0;
}
