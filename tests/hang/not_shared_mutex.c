/*
 * A parent and its child take turns with a mutex in memory that both have, but that is for the
 * threads of one process: the child unlocks it, and the parent sleeps on.
 *   call     pthread_mutex_init without attributes
 *   static   it has the static initialiser
 * The twin initialises it with PTHREAD_PROCESS_SHARED.
 */
#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include "support/hang.h"

static void set_up(pthread_mutex_t *mutex)
{
	pthread_mutexattr_t attributes;

	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
	if (hang_fixed)
		pthread_mutex_init(mutex, &attributes);
	else if (strcmp(hang_variant, "static") == 0)
		*mutex = (pthread_mutex_t)PTHREAD_MUTEX_INITIALIZER;
	else
		pthread_mutex_init(mutex, NULL);
}

static void do_part(pthread_mutex_t *mutex)
{
	pthread_mutex_lock(mutex);
	hang_step(0);
	hang_last(1);
	pthread_mutex_unlock(mutex);
	_exit(0);
}

int main(int argc, char **argv)
{
	pthread_mutex_t *mutex;
	pid_t child;

	hang_begin(argc, argv);
	mutex = hang_shared(sizeof(*mutex));
	set_up(mutex);
	child = fork();
	if (child == 0)
		do_part(mutex);
	hang_await(0, 1);
	hang_sleep();
	pthread_mutex_lock(mutex);
	pthread_mutex_unlock(mutex);
	return hang_reap(child);
}
