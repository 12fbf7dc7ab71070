// A std::thread's work throws between lock() and unlock(); what catches it ends the thread.
#include <mutex>
#include <stdexcept>
#include <thread>

#include "support/hang.h"

static std::mutex settings;

static void parse()
{
	throw std::runtime_error("not a number");
}

static void reload()
{
	try {
		if (hang_fixed) {
			std::lock_guard<std::mutex> hold(settings);
			parse();
		} else {
			settings.lock();
			parse();
			settings.unlock();
		}
	} catch (const std::exception &) {
	}
}

int main(int argc, char **argv)
{
	hang_begin(argc, argv);
	std::thread reloader(reload);
	reloader.join();
	hang_last(0);
	settings.lock();
	settings.unlock();
}
