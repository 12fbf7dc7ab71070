/* A byte in a pipe says whose turn it is. */
#include "race_pair.h"

int race_value;
int there[2], back[2];

static void first(void)
{
	race_turns(back[0], there[1], 1);
}

static void second(void)
{
	race_turns(there[0], back[1], 0);
}

int main(void)
{
	if (pipe(there) || pipe(back))
		return 1;
	race_run(first, second);
	race_use(race_value);
	return race_end();
}
