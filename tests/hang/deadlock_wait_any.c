/* A service waits for any of its children: there is one, which another thread forked, and it waits
 * for a mutex that the waiter holds. The process that started the service goes on for a while. */
#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "support/hang.h"

static struct shared {
	pthread_mutex_t journal;
	pid_t worker;
} * shared;

static void work(void)
{
	hang_sleep();
	pthread_mutex_lock(&shared->journal);
	pthread_mutex_unlock(&shared->journal);
}

static void *start_worker(void *unused)
{
	pid_t worker = fork();

	(void)unused;
	if (worker != 0)
		shared->worker = worker;
	work();
	if (worker == 0)
		_exit(0);
	return NULL;
}

static int serve(void)
{
	pthread_t starter;

	pthread_mutex_lock(&shared->journal);
	pthread_create(&starter, NULL, start_worker, NULL);
	if (hang_fixed) {
		pthread_mutex_unlock(&shared->journal);
		pthread_join(starter, NULL);
	}
	hang_last(2);
	return wait(NULL) < 0;
}

int main(int argc, char **argv)
{
	pthread_mutexattr_t attributes;
	pid_t service;

	hang_begin(argc, argv);
	shared = hang_shared(sizeof(*shared));
	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
	pthread_mutex_init(&shared->journal, &attributes);
	service = fork();
	if (service == 0)
		_exit(serve());
	if (hang_fixed)
		return hang_reap(service);
	for (int i = 0; i < 60; i++)
		nanosleep(&(struct timespec){.tv_nsec = 50000000}, NULL);
	kill(service, SIGKILL); /* first: else its wait would end */
	kill(shared->worker, SIGKILL);
	return 0;
}
