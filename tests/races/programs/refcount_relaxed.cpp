/* References are dropped by a relaxed decrement: who deletes has not seen the last uses. */
#include <atomic>

#include "race.h"

struct object {
	std::atomic<int> references{2};
	long value = 0;
	long other = 0;
};

object *shared = new object;

static void put(long *field)
{
#ifdef FIXED
	const auto order = std::memory_order_acq_rel;
#else
	const auto order = std::memory_order_relaxed;
#endif

	*field = 1;
	if (shared->references.fetch_sub(1, order) == 1)
		delete shared;
}

static void first()
{
	put(&shared->value);
}

static void second()
{
	put(&shared->other);
}

int main()
{
	race_run(first, second);
	return race_end();
}
