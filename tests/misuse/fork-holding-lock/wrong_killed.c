/*
 * The child hangs in a lock that a thread of its parent held at the fork, until its alarm kills it.
 * That is told as a lock whose holder is gone, and not again as fork-holding-lock.
 *
 * expect: orphaned-lock lock log_in_child log_it main error
 */
#include <pthread.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_barrier_t held, forked;

static void *log_it(void *unused)
{
	pthread_mutex_lock(&lock);
	pthread_barrier_wait(&held);
	pthread_barrier_wait(&forked);
	pthread_mutex_unlock(&lock);
	return unused;
}

static void log_in_child(void)
{
	const struct itimerval soon = {.it_value.tv_usec = 100000};

	setitimer(ITIMER_REAL, &soon, NULL);
	pthread_mutex_lock(&lock);
}

int main(void)
{
	pthread_t thread;
	pid_t child;

	pthread_barrier_init(&held, NULL, 2);
	pthread_barrier_init(&forked, NULL, 2);
	pthread_create(&thread, NULL, log_it, NULL);
	pthread_barrier_wait(&held);
	child = fork();
	if (child == 0) {
		log_in_child();
		_exit(0);
	}
	pthread_barrier_wait(&forked);
	pthread_join(thread, NULL);
	waitpid(child, NULL, 0);
	pthread_barrier_destroy(&held);
	pthread_barrier_destroy(&forked);
	return 0;
}
