/* Threads that come and go get the stacks, and the thread-local blocks, of those that ended;
 * objects on the stack of who waits for them are handed to threads. */
#include <condition_variable>
#include <future>
#include <mutex>
#include <thread>
#include <vector>

#include "trial.h"

namespace
{
thread_local int calls;

long fill(int seed)
{
	volatile int cells[100];
	long sum = 0;

	for (int i = 0; i < 100; i++)
		cells[i] = seed + i;
	for (int i = 0; i < 100; i++)
		sum += cells[i];
	calls++;
	return sum;
}

struct Latch {
	std::mutex lock;
	std::condition_variable all;
	int left;
};

void arrive(Latch *latch)
{
	std::lock_guard<std::mutex> guard(latch->lock);
	if (--latch->left == 0)
		latch->all.notify_one();
}

void round(int number)
{
	long sums[2] = {0, 0};
	Latch latch{{}, {}, 2};
	std::thread one([&] {
		sums[0] = fill(number);
		arrive(&latch);
	});
	std::thread other([&] {
		sums[1] = fill(number);
		arrive(&latch);
	});
	std::future<long> later = std::async(std::launch::async, fill, number);
	{
		std::unique_lock<std::mutex> guard(latch.lock);
		latch.all.wait(guard, [&] { return latch.left == 0; });
	}
	trial_check(sums[0] == sums[1] && sums[0] == later.get());
	one.join();
	other.join();
}
} // namespace

int main()
{
	for (int i = 0; i < 150; i++)
		round(i);
	return trial_end();
}
