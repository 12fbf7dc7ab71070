/* A memoized value is filled in under a shared lock: two readers may do so at once. */
#include <mutex>
#include <shared_mutex>

#include "race.h"

long memo;
std::shared_mutex lock;

static void ask()
{
#ifdef FIXED
	std::unique_lock<std::shared_mutex> guard(lock);
#else
	std::shared_lock<std::shared_mutex> guard(lock);
#endif
	memo = 42;
	race_use(memo);
}

int main()
{
	race_run(ask, ask);
	return race_end();
}
