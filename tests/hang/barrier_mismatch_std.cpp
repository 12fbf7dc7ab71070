// std::threads at a barrier; one of them gives up by an exception before it arrives.
#include <pthread.h>

#include <stdexcept>
#include <thread>
#include <vector>

#include "support/hang.h"

static pthread_barrier_t merged;

static void sort_part(int part)
{
	if (part == 2)
		throw std::runtime_error("part too large");
}

static void work(int part)
{
	try {
		sort_part(part);
	} catch (const std::exception &) {
		if (!hang_fixed)
			return;
	}
	if (part == 0)
		hang_last(2);
	else
		hang_sleep();
	pthread_barrier_wait(&merged);
}

int main(int argc, char **argv)
{
	std::vector<std::thread> workers;

	hang_begin(argc, argv);
	pthread_barrier_init(&merged, nullptr, 3);
	std::thread careless(work, 2);
	if (!hang_fixed)
		careless.join();
	for (int part = 0; part < 2; part++)
		workers.emplace_back(work, part);
	hang_sleep();
	for (auto &worker : workers)
		worker.join();
	if (hang_fixed)
		careless.join();
}
