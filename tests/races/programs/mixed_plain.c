/* A counter is raised atomically and reset by a plain store. */
#include "race.h"

long events;

static void count(void)
{
	for (int i = 0; i < RACE_ROUNDS; i++)
		__atomic_fetch_add(&events, 1, __ATOMIC_RELAXED);
}

static void reset(void)
{
#ifdef FIXED
	__atomic_store_n(&events, 0, __ATOMIC_RELAXED);
#else
	events = 0;
#endif
}

int main(void)
{
	race_run(count, reset);
	race_use(events);
	return race_end();
}
