/* Two threads copy into the two halves of one buffer, of lengths that no word ends at. */
#include <string.h>

#include "race.h"

enum { SIZE = 101, HALF = 51 };

char source[SIZE];
char target[SIZE];

static void lower(void)
{
	memcpy(target, source, HALF);
	memset(target, 1, HALF);
	memmove(target + 1, target, HALF - 1);
}

static void upper(void)
{
	memcpy(target + HALF, source + HALF, SIZE - HALF);
	memset(target + HALF, 2, SIZE - HALF);
	memmove(target + HALF, target + HALF + 1, SIZE - HALF - 1);
}

int main(void)
{
	race_run(lower, upper);
	race_use(target[HALF]);
	return race_end();
}
