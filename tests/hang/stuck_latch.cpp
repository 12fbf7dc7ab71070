// A latch for three, made of a mutex and a condition variable; two count it down.
#include <condition_variable>
#include <mutex>
#include <thread>

#include "support/hang.h"

class Latch
{
      public:
	explicit Latch(int expected) : left(expected)
	{
	}
	void arrive_and_wait(bool last)
	{
		if (last)
			hang_await(0, 1);
		std::unique_lock<std::mutex> hold(mutex);
		hang_step(0);
		if (--left == 0)
			none_left.notify_all();
		if (last)
			hang_last(2);
		else
			hang_sleep();
		none_left.wait(hold, [this] { return left == 0; });
	}

      private:
	std::mutex mutex;
	std::condition_variable none_left;
	int left;
};

int main(int argc, char **argv)
{
	hang_begin(argc, argv);
	Latch latch(hang_fixed ? 2 : 3);
	std::thread one([&] { latch.arrive_and_wait(false); });
	std::thread two([&] { latch.arrive_and_wait(true); });
	hang_sleep();
	one.join();
	two.join();
}
