/* Each thread fills its half of an array; the first goes one too far. */
#include "race.h"

enum { SIZE = 32, HALF = SIZE / 2 };

int cells[SIZE];

static void fill(int from, int end, int value)
{
	for (int i = from; i < end; i++)
		cells[i] = value;
}

static void lower(void)
{
#ifdef FIXED
	fill(0, HALF, 1);
#else
	fill(0, HALF + 1, 1);
#endif
}

static void upper(void)
{
	fill(HALF, SIZE, 2);
}

int main(void)
{
	race_run(lower, upper);
	race_use(cells[HALF]);
	return race_end();
}
