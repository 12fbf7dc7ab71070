/* push_back in one thread, size() in the other: also of a vector that need not grow. */
#include <mutex>
#include <vector>

#include "race.h"

std::vector<int> numbers;
std::mutex lock;

static void append()
{
	for (int i = 0; i < RACE_ROUNDS; i++) {
		std::lock_guard<std::mutex> guard(lock);
		numbers.push_back(i);
	}
}

static void look()
{
#ifdef FIXED
	std::lock_guard<std::mutex> guard(lock);
#endif
	race_use(static_cast<long>(numbers.size()));
}

int main()
{
	numbers.reserve(RACE_ROUNDS);
	race_run(append, look);
	return race_end();
}
