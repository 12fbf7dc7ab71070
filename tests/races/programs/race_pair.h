#ifndef CT_TEST_RACE_PAIR_H
#define CT_TEST_RACE_PAIR_H
/* For programs whose threads hand a value to and fro over descriptors. */
#include <stdlib.h>

#include "race.h"

extern int race_value;

static inline void race_send(int descriptor)
{
	if (write(descriptor, "12345678", 8) != 8)
		abort();
}

static inline void race_receive(int descriptor)
{
	char bytes[8];

	if (read(descriptor, bytes, 8) != 8)
		abort();
}

/* Both threads count in race_value by turns: on `out` goes the turn, by `in` it comes back. */
static inline void race_turns(int in, int out, int starts)
{
	for (int i = 0; i < RACE_ROUNDS; i++) {
		if (!starts)
			race_receive(in);
		race_value++;
		race_send(out);
		if (starts)
			race_receive(in);
	}
}

#endif
