/* A volatile counter is still read and written in two steps. */
#include "race.h"

#ifdef FIXED
_Atomic int ticks;
#else
volatile int ticks;
#endif

static void tick(void)
{
	for (int i = 0; i < RACE_ROUNDS; i++)
		ticks += 1;
}

int main(void)
{
	race_run(tick, tick);
	return race_end();
}
