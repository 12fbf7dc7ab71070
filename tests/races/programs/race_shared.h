#ifndef CT_TEST_RACE_SHARED_H
#define CT_TEST_RACE_SHARED_H
/* For programs whose race is one of two processes: what they share, and what each does with it. */
#include <stdlib.h>
#include <sys/wait.h>

#include "race.h"

struct race_shared {
	pthread_mutex_t lock;
	long hits;
};

static inline void race_shared_init(struct race_shared *shared)
{
	pthread_mutexattr_t attributes;

	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
	pthread_mutex_init(&shared->lock, &attributes);
	pthread_mutexattr_destroy(&attributes);
	shared->hits = 0;
}

/* In a child and in the caller; the end of the child is waited for. */
static inline void race_fork(void (*run)(struct race_shared *), struct race_shared *shared)
{
	pid_t child = fork();

	if (child < 0)
		abort();
	run(shared);
	if (child == 0)
		_exit(0);
	waitpid(child, NULL, 0);
}

static inline void race_hit(struct race_shared *shared)
{
#ifdef FIXED
	pthread_mutex_lock(&shared->lock);
#endif
	shared->hits++;
#ifdef FIXED
	pthread_mutex_unlock(&shared->lock);
#endif
}

#endif
