/*
 * C++: shared_mutex, call_once, promises and futures, packaged tasks, condition_variable_any, and
 * thread_local objects whose destructors take locks when their thread ends.
 */
#include <condition_variable>
#include <future>
#include <mutex>
#include <shared_mutex>
#include <thread>
#include <vector>

static std::shared_mutex table;
static std::mutex counting;
static std::condition_variable_any any;
static std::once_flag once;
static int ended, initialised;

struct at_end {
	~at_end()
	{
		std::lock_guard<std::mutex> lock(counting);
		ended++;
	}
	int used = 0;
};

static thread_local at_end local;

static void read_and_write()
{
	std::call_once(once, [] {
		std::unique_lock<std::shared_mutex> writing(table);
		initialised++;
	});
	local.used++;
	{
		std::shared_lock<std::shared_mutex> reading(table);
	}
	std::unique_lock<std::shared_mutex> writing(table);
	initialised++;
	any.notify_all();
}

static int answer()
{
	std::shared_lock<std::shared_mutex> reading(table);
	any.wait(reading, [] { return initialised == 4; });
	return initialised;
}

int main()
{
	std::vector<std::thread> threads;
	std::promise<int> promise;
	std::future<int> future = promise.get_future();
	std::future<int> later = std::async(std::launch::async, answer);

	for (int i = 0; i < 3; i++)
		threads.emplace_back(read_and_write);
	threads.emplace_back([&promise] { promise.set_value(4); });
	for (std::thread &thread : threads)
		thread.join();
	return later.get() == future.get() && ended == 3 ? 0 : 1;
}
