/* A child is to post a semaphore in shared memory when its part is done; it fails and exits. */
#include <semaphore.h>
#include <unistd.h>

#include "support/hang.h"

struct work {
	sem_t done;
	int parts;
};

static void do_part(struct work *work)
{
	if (access("/nonexistent/input", R_OK) != 0 && !hang_fixed)
		_exit(1);
	work->parts++;
	sem_post(&work->done);
	_exit(0);
}

int main(int argc, char **argv)
{
	struct work *work;
	pid_t child;

	hang_begin(argc, argv);
	work = hang_shared(sizeof(*work));
	sem_init(&work->done, 1, 0);
	child = fork();
	if (child == 0)
		do_part(work);
	if (!hang_fixed)
		hang_reap(child);
	hang_last(0);
	sem_wait(&work->done);
	return hang_fixed ? hang_reap(child) : 0;
}
