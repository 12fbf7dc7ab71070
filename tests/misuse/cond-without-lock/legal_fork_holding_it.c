/*
 * Legal: the only thread of a process forks while it holds the mutex. The child has its copy, and
 * holds it: it may wait with it.
 */
#include <pthread.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;

static int wait_a_little(void)
{
	static const struct timespec past = {1, 0};

	pthread_cond_timedwait(&changed, &lock, &past);
	return pthread_mutex_unlock(&lock);
}

int main(void)
{
	int status;
	pid_t child;

	pthread_mutex_lock(&lock);
	child = fork();
	if (child == 0)
		_exit(wait_a_little());
	wait_a_little();
	waitpid(child, &status, 0);
	return status != 0;
}
