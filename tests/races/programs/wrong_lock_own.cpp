/* Each call makes its own mutex: it keeps nobody out. */
#include <mutex>

#include "race.h"

long score;

static void add()
{
	for (int i = 0; i < RACE_ROUNDS; i++) {
#ifdef FIXED
		static std::mutex lock;
#else
		std::mutex lock;
#endif
		std::lock_guard<std::mutex> guard(lock);
		score += i;
	}
}

int main()
{
	race_run(add, add);
	race_use(score);
	return race_end();
}
