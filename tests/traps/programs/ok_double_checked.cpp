/* Double-checked creation with an atomic pointer and a mutex; references are counted. */
#include <atomic>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "trial.h"

namespace
{
struct Table {
	std::vector<int> squares;
	Table()
	{
		for (int i = 0; i < 64; i++)
			squares.push_back(i * i);
	}
};

class Cache
{
      public:
	const Table *get(int which)
	{
		Table *table = tables[which].load(std::memory_order_acquire);

		if (table)
			return table;
		std::lock_guard<std::mutex> guard(lock);
		table = tables[which].load(std::memory_order_relaxed);
		if (!table) {
			table = new Table;
			tables[which].store(table, std::memory_order_release);
		}
		return table;
	}

      private:
	std::mutex lock;
	std::atomic<Table *> tables[100] = {};
};

void work(std::shared_ptr<Cache> cache)
{
	for (int i = 0; i < 2000; i++) {
		std::shared_ptr<Cache> copy = cache;

		trial_check(copy->get(i / 20)->squares[i % 64] == (i % 64) * (i % 64));
	}
}
} // namespace

int main()
{
	auto cache = std::make_shared<Cache>();
	std::vector<std::thread> threads;

	for (int i = 0; i < 3; i++)
		threads.emplace_back(work, cache);
	for (std::thread &thread : threads)
		thread.join();
	return trial_end();
}
