/* C++ guards the initialization of a static local. */
#include "race.h"

struct settings {
	settings() : level(3)
	{
		race_pause(); /* so that the other one waits for it */
	}
	int level;
};

static const settings &get()
{
	static const settings made;
	return made;
}

static void use()
{
	race_use(get().level);
}

int main()
{
	race_run(use, use);
	return race_end();
}
