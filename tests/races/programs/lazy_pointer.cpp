/* A lazily made object: both threads may make it. The twin is a static local, which C++ guards. */
#include "race.h"

struct registry {
	int entries = 1;
};

#ifdef FIXED
static registry *instance()
{
	static registry *made = new registry;
	return made;
}
#else
registry *made;

static registry *instance()
{
	if (!made)
		made = new registry;
	return made;
}
#endif

static void use()
{
	race_use(instance()->entries);
}

int main()
{
	race_run(use, use);
	return race_end();
}
