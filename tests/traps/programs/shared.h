#ifndef CT_TEST_SHARED_H
#define CT_TEST_SHARED_H
/* For programs of two processes that share memory. */
#include <sys/wait.h>
#include <unistd.h>

#include "trial.h"

/* In a child and in the caller; then the end of the child. */
static inline void shared_run(void (*work)(void *), void *mine, void *(*again)(void))
{
	pid_t child = fork();

	if (child < 0)
		abort();
	if (child == 0) {
		work(again ? again() : mine);
		_exit(0);
	}
	work(mine);
	waitpid(child, NULL, 0);
}

#endif
