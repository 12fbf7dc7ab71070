/* The last of two threads, by a relaxed counter, reads what the other one wrote. */
#include <atomic>

#include "race.h"

long parts[2];
std::atomic<int> left{2};

static void finish(int part)
{
#ifdef FIXED
	const auto order = std::memory_order_acq_rel;
#else
	const auto order = std::memory_order_relaxed;
#endif

	parts[part] = part + 1;
	if (left.fetch_sub(1, order) == 1)
		race_use(parts[0] + parts[1]);
}

static void first()
{
	finish(0);
}

static void second()
{
	finish(1);
}

int main()
{
	race_run(first, second);
	return race_end();
}
