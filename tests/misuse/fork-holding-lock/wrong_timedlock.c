/*
 * A thread holds the lock while main forks. The child has no such thread, so its copy of the lock
 * stays locked for ever: the child asks for it, and gives up after a moment.
 *
 * expect: fork-holding-lock lock ask_in_child hold_it main error
 */
#include <pthread.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_barrier_t held, forked;

static void *hold_it(void *unused)
{
	pthread_mutex_lock(&lock);
	pthread_barrier_wait(&held);
	pthread_barrier_wait(&forked);
	pthread_mutex_unlock(&lock);
	return unused;
}

static void ask_in_child(void)
{
	struct timespec soon;

	clock_gettime(CLOCK_REALTIME, &soon);
	soon.tv_sec += (soon.tv_nsec + 10000000) / 1000000000;
	soon.tv_nsec = (soon.tv_nsec + 10000000) % 1000000000;
	if (pthread_mutex_timedlock(&lock, &soon) == 0)
		pthread_mutex_unlock(&lock);
}

int main(void)
{
	pthread_t thread;
	pid_t child;

	pthread_barrier_init(&held, NULL, 2);
	pthread_barrier_init(&forked, NULL, 2);
	pthread_create(&thread, NULL, hold_it, NULL);
	pthread_barrier_wait(&held);
	child = fork();
	if (child == 0) {
		ask_in_child();
		_exit(0);
	}
	pthread_barrier_wait(&forked);
	pthread_join(thread, NULL);
	waitpid(child, NULL, 0);
	pthread_barrier_destroy(&held);
	pthread_barrier_destroy(&forked);
	return 0;
}
