// std::condition_variable: notify_one() before wait() without a predicate.
#include <condition_variable>
#include <mutex>
#include <thread>

#include "support/hang.h"

static std::mutex mutex;
static std::condition_variable loaded;
static bool is_loaded;

static void load()
{
	{
		std::lock_guard<std::mutex> hold(mutex);
		is_loaded = true;
	}
	loaded.notify_one();
}

int main(int argc, char **argv)
{
	hang_begin(argc, argv);
	std::thread loader(load);
	if (!hang_fixed)
		loader.join();
	{
		std::unique_lock<std::mutex> hold(mutex);
		hang_last(0);
		if (hang_fixed)
			loaded.wait(hold, [] { return is_loaded; });
		else
			loaded.wait(hold);
	}
	if (hang_fixed)
		loader.join();
}
