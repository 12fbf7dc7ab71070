/* A seat is looked at without the lock under which it is taken.
 * kind: act
 */
#include <mutex>
#include <thread>
#include <vector>

#include "trial.h"

namespace
{
struct Hall {
	std::mutex lock;
	int free_seats = 1500;
};

bool reserve(Hall &hall)
{
	if (hall.free_seats == 0) /* RACE */
		return false;
	std::lock_guard<std::mutex> guard(hall.lock);
	hall.free_seats--; /* RACE */
	return true;
}

void work(Hall &hall)
{
	for (int i = 0; i < 1000; i++)
		trial_use(reserve(hall));
}
} // namespace

int main()
{
	Hall hall;
	std::vector<std::thread> threads;

	for (int i = 0; i < 3; i++)
		threads.emplace_back(work, std::ref(hall));
	for (std::thread &thread : threads)
		thread.join();
	return trial_end();
}
