/* Two bit-fields of one word: writing either writes both. */
#include "race.h"

struct flags {
	unsigned dirty : 1;
#ifdef FIXED
	/* A zero width starts another memory location. */
	unsigned : 0;
#endif
	unsigned locked : 1;
};

struct flags flags;

static void touch(void)
{
	flags.dirty = 1;
}

static void seize(void)
{
	flags.locked = 1;
}

int main(void)
{
	race_run(touch, seize);
	race_use(flags.dirty + flags.locked);
	return race_end();
}
