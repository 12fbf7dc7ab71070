/* A stream's own lock keeps what belongs to the stream. */
#include <stdio.h>

#include "race.h"

int lines;

static void count(void)
{
	for (int i = 0; i < RACE_ROUNDS; i++) {
		flockfile(stderr);
		lines++;
		funlockfile(stderr);
	}
	while (ftrylockfile(stderr))
		usleep(100);
	lines++;
	funlockfile(stderr);
}

int main(void)
{
	race_run(count, count);
	race_use(lines);
	return race_end();
}
