// Two std::threads lock two std::mutexes in opposite orders.
#include <mutex>
#include <thread>

#include "support/hang.h"

static std::mutex stock, orders;

static void apart(std::mutex &first, std::mutex &second, bool last)
{
	std::lock_guard<std::mutex> outer(first);
	hang_step(0);
	hang_await(0, 2);
	if (last)
		hang_last(2);
	else
		hang_sleep();
	std::lock_guard<std::mutex> inner(second);
}

static void together(std::mutex &first, std::mutex &second)
{
	std::scoped_lock both(first, second);
}

int main(int argc, char **argv)
{
	hang_begin(argc, argv);
	auto work = [](std::mutex &first, std::mutex &second, bool last) {
		if (hang_fixed)
			together(first, second);
		else
			apart(first, second, last);
	};
	std::thread seller(work, std::ref(stock), std::ref(orders), false);
	std::thread buyer(work, std::ref(orders), std::ref(stock), true);
	hang_sleep();
	seller.join();
	buyer.join();
}
