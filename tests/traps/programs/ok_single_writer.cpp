/* The same in C++: counters with one writer, published by relaxed stores. */
#include <atomic>
#include <thread>

#include "trial.h"

namespace
{
class Gauge
{
      public:
	void add(long amount)
	{
		value.store(value.load(std::memory_order_relaxed) + amount,
			    std::memory_order_relaxed);
	}
	long get() const
	{
		return value.load(std::memory_order_relaxed);
	}
	Gauge &operator=(long amount)
	{
		value.store(amount, std::memory_order_release);
		return *this;
	}
	operator long() const
	{
		return value.load(std::memory_order_acquire);
	}

      private:
	std::atomic<long> value{0};
};

Gauge written[2], level;

void work(int me)
{
	for (int i = 0; i < 5000; i++) {
		written[me].add(i);
		trial_use(written[!me].get());
		level = i;
		trial_use(level);
	}
}
} // namespace

int main()
{
	std::thread first(work, 0), second(work, 1);

	first.join();
	second.join();
	return trial_end();
}
