/* A thread polls a plain flag until the other sets it. */
#include <sched.h>

#include "race.h"

int done;

static void work(void)
{
	race_pause();
#ifdef FIXED
	__atomic_store_n(&done, 1, __ATOMIC_RELEASE);
#else
	done = 1;
#endif
}

static int look(void)
{
#ifdef FIXED
	return __atomic_load_n(&done, __ATOMIC_ACQUIRE);
#else
	return done;
#endif
}

static void wait_for_it(void)
{
	while (!look())
		sched_yield();
}

int main(void)
{
	race_run(work, wait_for_it);
	return race_end();
}
