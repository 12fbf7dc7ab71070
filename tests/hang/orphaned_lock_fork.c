/* Another thread holds a mutex at the moment of a fork: the child's copy stays locked for ever, as
 * the child has no such thread. The twin takes the mutex around each fork. */
#include <pthread.h>
#include <unistd.h>

#include "support/hang.h"

static pthread_mutex_t log_lock = PTHREAD_MUTEX_INITIALIZER;

static void before_fork(void)
{
	pthread_mutex_lock(&log_lock);
}

static void after_fork(void)
{
	pthread_mutex_unlock(&log_lock);
}

static void *write_log(void *unused)
{
	(void)unused;
	pthread_mutex_lock(&log_lock);
	hang_step(0);
	hang_await(1, 1);
	pthread_mutex_unlock(&log_lock);
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t writer;
	pid_t child;

	hang_begin(argc, argv);
	if (hang_fixed)
		pthread_atfork(before_fork, after_fork, after_fork);
	pthread_create(&writer, NULL, write_log, NULL);
	hang_await(0, 1);
	child = fork();
	if (child == 0) {
		hang_last(1);
		pthread_mutex_lock(&log_lock);
		pthread_mutex_unlock(&log_lock);
		_exit(0);
	}
	hang_step(1);
	pthread_join(writer, NULL);
	hang_sleep();
	return hang_reap(child);
}
