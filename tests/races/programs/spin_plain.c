/* A spin lock of one's own, out of a plain int: taken by test and set, which are two steps. */
#include <sched.h>

#include "race.h"

int locked;
long counter;

static void take(void)
{
#ifdef FIXED
	while (__atomic_exchange_n(&locked, 1, __ATOMIC_ACQUIRE))
		sched_yield();
#else
	while (locked)
		sched_yield();
	locked = 1;
#endif
}

static void leave(void)
{
#ifdef FIXED
	__atomic_store_n(&locked, 0, __ATOMIC_RELEASE);
#else
	locked = 0;
#endif
}

static void count(void)
{
	for (int i = 0; i < RACE_ROUNDS; i++) {
		take();
		counter++;
		leave();
	}
}

int main(void)
{
	race_run(count, count);
	race_use(counter);
	return race_end();
}
