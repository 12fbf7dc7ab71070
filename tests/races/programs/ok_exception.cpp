/* Exceptions leave frames, and locks with them. */
#include <mutex>
#include <stdexcept>

#include "race.h"

long counter;
std::mutex lock;

__attribute__((noinline)) static void fail(int depth)
{
	std::unique_lock<std::mutex> guard(lock);

	counter++;
	guard.unlock();
	if (depth == 0)
		throw std::runtime_error("so be it");
	fail(depth - 1);
	race_use(depth);
}

static void work()
{
	for (int i = 0; i < RACE_ROUNDS; i++) {
		try {
			fail(4);
		} catch (const std::exception &) {
			std::lock_guard<std::mutex> guard(lock);
			counter--;
		}
	}
}

int main()
{
	race_run(work, work);
	return race_end();
}
