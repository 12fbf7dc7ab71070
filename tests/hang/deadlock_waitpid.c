/*
 * The parent waits for a child that waits for the parent.
 *   mutex   for a process-shared mutex that the parent holds
 *   pipe    for what the parent will write to a pipe, once the child has ended
 */
#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include "support/hang.h"

static int with_mutex(void)
{
	pthread_mutex_t *journal = hang_shared(sizeof(*journal));
	pthread_mutexattr_t shared;
	pid_t child;

	pthread_mutexattr_init(&shared);
	pthread_mutexattr_setpshared(&shared, PTHREAD_PROCESS_SHARED);
	pthread_mutex_init(journal, &shared);
	pthread_mutex_lock(journal);
	child = fork();
	if (child == 0) {
		hang_sleep();
		pthread_mutex_lock(journal);
		pthread_mutex_unlock(journal);
		_exit(0);
	}
	if (hang_fixed)
		pthread_mutex_unlock(journal);
	hang_last(1);
	return hang_reap(child);
}

static int with_pipe(void)
{
	char order = 'x';
	pid_t child;
	int ends[2];

	if (pipe(ends) != 0)
		return 1;
	child = fork();
	if (child == 0) {
		close(ends[1]);
		hang_sleep();
		_exit(read(ends[0], &order, 1) != 1);
	}
	close(ends[0]);
	if (hang_fixed && write(ends[1], &order, 1) != 1)
		return 1;
	hang_last(1);
	if (hang_reap(child) != 0)
		return 1;
	return !hang_fixed && write(ends[1], &order, 1) != 1;
}

int main(int argc, char **argv)
{
	hang_begin(argc, argv);
	return strcmp(hang_variant, "pipe") == 0 ? with_pipe() : with_mutex();
}
