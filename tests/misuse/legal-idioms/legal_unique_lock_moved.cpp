/*
 * C++: a unique_lock is moved out of a function and into another, scoped_lock takes
 * two mutexes, a lock is adopted and one is released without unlocking; all are given back by the
 * thread that took them.
 */
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

static std::mutex first, second;
static std::recursive_mutex recursive;
static std::timed_mutex timed;
static std::condition_variable changed;
static int turn;

static std::unique_lock<std::mutex> take()
{
	std::unique_lock<std::mutex> lock(first);
	return lock;
}

static void give_back(std::unique_lock<std::mutex> lock)
{
	turn++;
	lock.unlock();
	changed.notify_all();
}

static void unlock_released(std::mutex *mutex)
{
	mutex->unlock();
}

static void follow()
{
	std::unique_lock<std::mutex> lock(first);
	changed.wait(lock, [] { return turn == 1; });
	give_back(std::move(lock));
	std::scoped_lock both(second, first);
	std::lock_guard<std::recursive_mutex> once(recursive);
	std::lock_guard<std::recursive_mutex> twice(recursive);
}

int main()
{
	std::thread thread(follow);
	give_back(take());
	{
		std::unique_lock<std::mutex> lock = take();
		changed.wait(lock, [] { return turn == 2; });
		unlock_released(lock.release());
	}
	{
		std::scoped_lock both(first, second);
	}
	timed.lock();
	bool refused = false;
	std::thread([&] { refused = !timed.try_lock_for(std::chrono::milliseconds(5)); }).join();
	std::lock_guard<std::timed_mutex> adopted(timed, std::adopt_lock);
	thread.join();
	return refused ? 0 : 1;
}
