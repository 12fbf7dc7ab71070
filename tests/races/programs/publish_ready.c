/* The result is written before the plain flag that says so. */
#include <sched.h>

#include "race.h"

int result;
int ready;

static void compute(void)
{
	result = 42;
#ifdef FIXED
	__atomic_store_n(&ready, 1, __ATOMIC_RELEASE);
#else
	ready = 1;
#endif
}

static void print(void)
{
#ifdef FIXED
	while (!__atomic_load_n(&ready, __ATOMIC_ACQUIRE))
		sched_yield();
	race_use(result);
#else
	if (ready)
		race_use(result);
#endif
}

int main(void)
{
	race_run(compute, print);
	race_use(result + ready);
	return race_end();
}
