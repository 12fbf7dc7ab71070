/* A static local hands out numbers: all calls have the same one. */
#include "race.h"

static int next_number(void)
{
#ifdef FIXED
	static _Atomic int number;
#else
	static int number;
#endif

	return ++number;
}

static void take(void)
{
	for (int i = 0; i < RACE_ROUNDS; i++)
		race_use(next_number());
}

int main(void)
{
	race_run(take, take);
	return race_end();
}
