// A member function that locks calls another one that locks the same std::mutex.
#include <mutex>
#include <thread>

#include "support/hang.h"

class Cache
{
      public:
	void put(int value)
	{
		std::unique_lock<std::mutex> hold(mutex);
		last = value;
		if (hang_fixed)
			hold.unlock();
		trim();
	}
	void trim()
	{
		hang_last(1);
		std::lock_guard<std::mutex> hold(mutex);
		size = 0;
	}

      private:
	std::mutex mutex;
	int last = 0, size = 0;
};

static Cache cache;

int main(int argc, char **argv)
{
	hang_begin(argc, argv);
	std::thread writer([] { cache.put(1); });
	hang_sleep();
	writer.join();
}
