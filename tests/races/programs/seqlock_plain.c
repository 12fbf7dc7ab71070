/* A seqlock whose data is read plainly: a torn value is thrown away, but reading it is a race. */
#include <sched.h>
#include <stdatomic.h>

#include "race.h"

atomic_uint sequence;
atomic_int was_read; /* relaxed: it orders nothing */
#ifdef FIXED
atomic_long data[2];
#else
long data[2];
#endif

static void write_data(void)
{
	while (!atomic_load_explicit(&was_read, memory_order_relaxed))
		sched_yield();
	atomic_fetch_add(&sequence, 1);
	for (int i = 0; i < 2; i++)
#ifdef FIXED
		atomic_store_explicit(&data[i], 5, memory_order_release);
#else
		data[i] = 5;
#endif
	atomic_fetch_add(&sequence, 1);
}

static void read_data(void)
{
	long seen = 0;
	unsigned before, after;

	do {
		before = atomic_load(&sequence);
		for (int i = 0; i < 2; i++)
#ifdef FIXED
			seen += atomic_load_explicit(&data[i], memory_order_acquire);
#else
			seen += data[i];
#endif
		after = atomic_load(&sequence);
		atomic_store_explicit(&was_read, 1, memory_order_relaxed);
	} while (before % 2 || before != after);
	race_use(seen);
}

int main(void)
{
	race_run(write_data, read_data);
	return race_end();
}
