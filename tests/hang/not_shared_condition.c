/*
 * A parent waits for its child on a condition variable in memory that both have. Its mutex is for
 * processes, but the condition variable is not: the signal reaches nobody.
 *   call     pthread_cond_init without attributes
 *   static   it has the static initialiser
 * The twin initialises both with PTHREAD_PROCESS_SHARED.
 */
#include <pthread.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "support/hang.h"

struct work {
	pthread_mutex_t mutex;
	pthread_cond_t changed;
	bool done;
};

static void set_up(struct work *work)
{
	pthread_mutexattr_t of_mutex;
	pthread_condattr_t of_condition;

	pthread_mutexattr_init(&of_mutex);
	pthread_mutexattr_setpshared(&of_mutex, PTHREAD_PROCESS_SHARED);
	pthread_mutex_init(&work->mutex, &of_mutex);
	pthread_condattr_init(&of_condition);
	pthread_condattr_setpshared(&of_condition, PTHREAD_PROCESS_SHARED);
	if (hang_fixed)
		pthread_cond_init(&work->changed, &of_condition);
	else if (strcmp(hang_variant, "static") == 0)
		work->changed = (pthread_cond_t)PTHREAD_COND_INITIALIZER;
	else
		pthread_cond_init(&work->changed, NULL);
}

static void do_part(struct work *work)
{
	hang_last(1);
	pthread_mutex_lock(&work->mutex);
	work->done = true;
	pthread_cond_signal(&work->changed);
	pthread_mutex_unlock(&work->mutex);
	_exit(0);
}

int main(int argc, char **argv)
{
	struct work *work;
	pid_t child;

	hang_begin(argc, argv);
	work = hang_shared(sizeof(*work));
	set_up(work);
	child = fork();
	if (child == 0)
		do_part(work);
	pthread_mutex_lock(&work->mutex);
	hang_sleep();
	while (!work->done)
		pthread_cond_wait(&work->changed, &work->mutex);
	pthread_mutex_unlock(&work->mutex);
	return hang_reap(child);
}
