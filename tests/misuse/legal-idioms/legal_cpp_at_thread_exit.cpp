/*
 * C++: std::notify_all_at_thread_exit unlocks a mutex and wakes its waiters when the thread ends,
 * not in its function; a promise is kept there as well, by a thread that is detached; a thread pool
 * is joined by its destructor; a recursive_timed_mutex is locked by its thread twice.
 */
#include <chrono>
#include <condition_variable>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

static std::mutex guard;
static std::condition_variable changed;
static bool done;

class pool
{
      public:
	explicit pool(int count)
	{
		for (int i = 0; i < count; i++)
			threads.emplace_back(&pool::run, this);
	}
	~pool()
	{
		{
			std::lock_guard<std::mutex> lock(mutex);
			stopping = true;
		}
		filled.notify_all();
		for (std::thread &thread : threads)
			thread.join();
	}
	std::future<int> add(int number)
	{
		auto task =
			std::make_shared<std::packaged_task<int()>>([number] { return number; });
		{
			std::lock_guard<std::mutex> lock(mutex);
			tasks.push_back([task] { (*task)(); });
		}
		filled.notify_one();
		return task->get_future();
	}

      private:
	void run()
	{
		std::unique_lock<std::mutex> lock(mutex);

		for (;;) {
			filled.wait(lock, [this] { return stopping || !tasks.empty(); });
			if (tasks.empty())
				return;
			std::function<void()> task = std::move(tasks.back());
			tasks.pop_back();
			lock.unlock();
			task();
			lock.lock();
		}
	}
	std::mutex mutex;
	std::condition_variable filled;
	std::vector<std::function<void()>> tasks;
	bool stopping = false;
	std::vector<std::thread> threads;
};

static void notify_at_the_end()
{
	std::unique_lock<std::mutex> lock(guard);

	done = true;
	std::notify_all_at_thread_exit(changed, std::move(lock));
}

static void wait_for_the_end()
{
	std::thread thread(notify_at_the_end);
	{
		std::unique_lock<std::mutex> lock(guard);
		changed.wait(lock, [] { return done; });
	}
	thread.join();
}

static void keep_promise_at_the_end()
{
	std::promise<void> promise;
	std::future<void> future = promise.get_future();

	std::thread([](std::promise<void> kept) { kept.set_value_at_thread_exit(); },
		    std::move(promise))
		.detach();
	future.get();
}

static void lock_twice()
{
	std::recursive_timed_mutex mutex;

	if (mutex.try_lock_for(std::chrono::seconds(1))) {
		std::lock_guard<std::recursive_timed_mutex> again(mutex);
		mutex.unlock();
	}
}

int main()
{
	int sum = 0;

	{
		pool workers(3);
		std::vector<std::future<int>> answers;
		for (int i = 0; i < 20; i++)
			answers.push_back(workers.add(i));
		for (std::future<int> &answer : answers)
			sum += answer.get();
	}
	wait_for_the_end();
	keep_promise_at_the_end();
	lock_twice();
	return sum == 190 ? 0 : 1;
}
