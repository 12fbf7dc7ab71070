/* std::async, std::promise and std::packaged_task hand results over. */
#include <future>
#include <thread>
#include <vector>

#include "race.h"

static std::vector<int> compute(int size)
{
	return std::vector<int>(size, 1);
}

int main()
{
	auto later = std::async(std::launch::async, compute, 10);
	std::promise<int> promise;
	auto promised = promise.get_future();
	std::packaged_task<std::vector<int>(int)> task(compute);
	auto packaged = task.get_future();
	int value = 0;

	std::thread promiser([&] {
		value = 5;
		promise.set_value(1);
	});
	std::thread worker(std::move(task), 20);
	race_use(promised.get() + value);
	race_use(static_cast<long>(later.get()[3] + packaged.get()[19]));
	promiser.join();
	worker.join();
	return race_end();
}
