/* volatile keeps the compiler from caching the flag; it orders nothing between threads. */
#include <sched.h>

#include "race.h"

#ifdef FIXED
_Atomic int running = 1;
#else
volatile int running = 1;
#endif

static void stop(void)
{
	running = 0;
}

static void work(void)
{
	while (running)
		sched_yield();
}

int main(void)
{
	race_run(stop, work);
	return race_end();
}
