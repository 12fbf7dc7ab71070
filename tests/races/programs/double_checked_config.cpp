/* Double-checked locking in C++: the flag is a plain bool. */
#include <atomic>
#include <mutex>

#include "race.h"

struct config {
	int retries = 0;
};

config settings;
#ifdef FIXED
std::atomic<bool> loaded{false};
#else
bool loaded;
#endif
std::mutex lock;

static void load()
{
	if (!loaded) {
		std::lock_guard<std::mutex> guard(lock);
		if (!loaded) {
			settings.retries = 3;
			loaded = true;
		}
	}
	race_use(settings.retries);
}

int main()
{
	race_run(load, load);
	return race_end();
}
