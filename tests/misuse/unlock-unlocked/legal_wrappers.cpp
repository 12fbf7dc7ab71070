/*
 * C++ has locks of all kinds, and wrappers that hand them on: each is given back as often as it was
 * taken, and by who took it.
 */
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <shared_mutex>
#include <thread>

using namespace std::chrono_literals;

static std::mutex plain;
static std::timed_mutex timed;
static std::recursive_mutex recursive;
static std::recursive_timed_mutex recursive_timed;
static std::shared_timed_mutex shared;
static std::condition_variable_any changed;
static bool ready;

static void wait_until_ready()
{
	std::unique_lock<std::recursive_mutex> lock(recursive);

	changed.wait(lock, [] { return ready; });
}

static void hand_on()
{
	std::unique_lock<std::mutex> first(plain);
	std::unique_lock<std::mutex> second(std::move(first));
	std::unique_lock<std::timed_mutex> adopted(timed, std::defer_lock);

	if (timed.try_lock_for(1ms))
		adopted = std::unique_lock<std::timed_mutex>(timed, std::adopt_lock);
}

int main()
{
	std::thread waiter(wait_until_ready);
	{
		std::lock_guard<std::recursive_mutex> once(recursive), twice(recursive);
		std::scoped_lock both(recursive_timed, timed);

		ready = true;
	}
	changed.notify_all();
	waiter.join();
	{
		std::shared_lock<std::shared_timed_mutex> one(shared),
			two(shared, std::try_to_lock);
		std::unique_lock<std::shared_timed_mutex> none(shared, 1ms);
	}
	std::thread(hand_on).join();
	return 0;
}
