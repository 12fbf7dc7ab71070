/* A thread of a child ends while it holds a process-shared mutex. Its process lives on and wants
 * the mutex, and so do two threads of the parent. */
#include <pthread.h>
#include <unistd.h>

#include "support/hang.h"

static pthread_mutex_t *board;

static void *post(void *keep)
{
	pthread_mutex_lock(board);
	if (!keep)
		pthread_mutex_unlock(board);
	return NULL;
}

static void *visit(void *unused)
{
	(void)unused;
	hang_await(0, 1);
	hang_sleep();
	return post(NULL);
}

static void child(void)
{
	pthread_t poster;

	pthread_create(&poster, NULL, post, hang_fixed ? NULL : board);
	pthread_join(poster, NULL);
	hang_step(0);
	hang_last(2);
	post(NULL);
	_exit(0);
}

int main(int argc, char **argv)
{
	pthread_mutexattr_t shared;
	pthread_t visitor;
	pid_t pid;

	hang_begin(argc, argv);
	board = hang_shared(sizeof(*board));
	pthread_mutexattr_init(&shared);
	pthread_mutexattr_setpshared(&shared, PTHREAD_PROCESS_SHARED);
	pthread_mutex_init(board, &shared);
	pid = fork();
	if (pid == 0)
		child();
	pthread_create(&visitor, NULL, visit, NULL);
	visit(NULL);
	pthread_join(visitor, NULL);
	return hang_reap(pid);
}
