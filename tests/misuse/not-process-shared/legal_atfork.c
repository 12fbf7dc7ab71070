/*
 * Legal: handlers of fork take the lock before it and give it back on both sides, so the copies are
 * meant: one each. That the lock was initialised for several processes does no harm.
 */
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

static pthread_mutex_t lock;

static void take(void)
{
	pthread_mutex_lock(&lock);
}

static void give(void)
{
	pthread_mutex_unlock(&lock);
}

int main(void)
{
	pthread_mutexattr_t attr;
	pid_t child;

	pthread_mutexattr_init(&attr);
	pthread_mutexattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
	pthread_mutex_init(&lock, &attr);
	pthread_mutexattr_destroy(&attr);
	pthread_atfork(take, give, give);
	child = fork();
	take();
	give();
	if (child == 0)
		_exit(0);
	waitpid(child, NULL, 0);
	pthread_mutex_destroy(&lock);
	return 0;
}
