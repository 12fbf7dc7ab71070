/* A ring with atomic indices: the producer raises its index before the slot is filled. */
#include <sched.h>
#include <stdatomic.h>

#include "race.h"

enum { SLOTS = RACE_ROUNDS };

int ring[SLOTS];
atomic_uint written;

static void produce(void)
{
	for (unsigned i = 0; i < SLOTS; i++) {
#ifdef FIXED
		ring[i] = (int)i;
		atomic_store_explicit(&written, i + 1, memory_order_release);
#else
		atomic_store_explicit(&written, i + 1, memory_order_release);
		ring[i] = (int)i;
#endif
	}
}

static void consume(void)
{
	for (unsigned i = 0; i < SLOTS; i++) {
		while (atomic_load_explicit(&written, memory_order_acquire) <= i)
			sched_yield();
		race_use(ring[i]);
	}
}

int main(void)
{
	race_run(produce, consume);
	return race_end();
}
