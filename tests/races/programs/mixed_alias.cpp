/* A std::atomic is read through a pointer to what lies in it. */
#include <atomic>

#include "race.h"

std::atomic<int> level{0};

static void raise()
{
	level.store(1);
}

static void look()
{
#ifdef FIXED
	race_use(level.load());
#else
	race_use(*reinterpret_cast<int *>(&level));
#endif
}

int main()
{
	race_run(raise, look);
	return race_end();
}
