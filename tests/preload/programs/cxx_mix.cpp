// The C++ library's threads, locks and futures: what a program without any pthread call uses.
#include <condition_variable>
#include <cstdio>
#include <future>
#include <mutex>
#include <queue>
#include <shared_mutex>
#include <thread>
#include <vector>

static std::mutex queue_mutex;
static std::condition_variable plain_ready;
static std::shared_mutex table_mutex;
static std::recursive_mutex again;
static std::timed_mutex timed;
static std::once_flag once;
static std::queue<int> items;
static long table[16];
static bool done;

static long consume()
{
	long sum = 0;
	for (;;) {
		std::unique_lock<std::mutex> guard(queue_mutex);
		plain_ready.wait(guard, [] { return done || !items.empty(); });
		if (items.empty())
			return sum;
		sum += items.front();
		items.pop();
	}
}

static void update(int id)
{
	std::call_once(once, [] { table[15] = 1; });
	for (int i = 0; i < 200; i++) {
		{
			std::unique_lock<std::shared_mutex> writer(table_mutex);
			table[id]++;
		}
		std::shared_lock<std::shared_mutex> reader(table_mutex);
		std::lock_guard<std::recursive_mutex> one(again);
		std::lock_guard<std::recursive_mutex> two(again);
		if (timed.try_lock_for(std::chrono::seconds(10)))
			timed.unlock();
	}
}

int main()
{
	std::vector<std::thread> workers;
	std::future<long> sums[2];
	long total = 0, counted = 0;

	for (auto &sum : sums)
		sum = std::async(std::launch::async, consume);
	for (int i = 0; i < 4; i++)
		workers.emplace_back(update, i);
	for (int i = 1; i <= 1000; i++) {
		std::lock_guard<std::mutex> guard(queue_mutex);
		items.push(i);
		plain_ready.notify_one();
	}
	{
		std::lock_guard<std::mutex> guard(queue_mutex);
		done = true;
	}
	plain_ready.notify_all();
	for (auto &worker : workers)
		worker.join();
	for (auto &sum : sums)
		total += sum.get();
	for (int i = 0; i < 4; i++)
		counted += table[i];
	std::printf("%ld %ld %ld\n", total, counted, table[15]);
	return total == 500500 && counted == 800 ? 7 : 1;
}
