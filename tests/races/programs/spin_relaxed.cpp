/* A spin lock that is atomic but gives its data away by a relaxed store. */
#include <atomic>
#include <sched.h>

#include "race.h"

std::atomic<bool> locked{false};
long counter;

static void count()
{
	for (int i = 0; i < RACE_ROUNDS; i++) {
		while (locked.exchange(true, std::memory_order_acquire))
			sched_yield();
		counter++;
#ifdef FIXED
		locked.store(false, std::memory_order_release);
#else
		locked.store(false, std::memory_order_relaxed);
#endif
	}
}

int main()
{
	race_run(count, count);
	race_use(counter);
	return race_end();
}
