/* A map is asked for its size while another thread puts something in. */
#include <map>
#include <mutex>

#include "race.h"

std::map<int, int> ages;
std::mutex lock;

static void insert()
{
	std::lock_guard<std::mutex> guard(lock);
	ages.emplace(1, 30);
}

static void look()
{
#ifdef FIXED
	std::lock_guard<std::mutex> guard(lock);
#endif
	race_use(static_cast<long>(ages.size()));
}

int main()
{
	race_run(insert, look);
	return race_end();
}
