/* Each thread adds its neighbour's cell to its own, of rows that alternate. */
#include "race.h"

enum { SIZE = 32 };

int before[SIZE + 1];
int after[SIZE + 1];

static void smooth(int first)
{
	for (int i = first; i < SIZE; i += 2) {
#ifdef FIXED
		after[i] = before[i] + before[i + 1];
#else
		before[i] += before[i + 1];
#endif
	}
}

static void even(void)
{
	smooth(0);
}

static void odd(void)
{
	smooth(1);
}

int main(void)
{
	race_run(even, odd);
	race_use(before[3] + after[3]);
	return race_end();
}
