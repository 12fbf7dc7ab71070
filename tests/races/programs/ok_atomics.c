/* Plain data handed over by C11 atomics, with every order that does so. */
#include <sched.h>
#include <stdatomic.h>

#include "race.h"

enum { WAYS = 7 };

int data[WAYS];
atomic_int flags[WAYS];
int all;

static void give(void)
{
	for (int i = 0; i < WAYS; i++)
		data[i] = i + 1;
	atomic_store_explicit(&flags[0], 1, memory_order_release);
	atomic_store(&flags[1], 1);
	atomic_fetch_add_explicit(&flags[2], 1, memory_order_release);
	atomic_fetch_or_explicit(&flags[3], 1, memory_order_acq_rel);
	atomic_exchange(&flags[4], 1);
	atomic_compare_exchange_strong_explicit(&flags[5], &all, 1, memory_order_release,
						memory_order_relaxed);
	atomic_thread_fence(memory_order_release);
	atomic_store_explicit(&flags[6], 1, memory_order_relaxed);
}

/* Each by itself orders all; after the last one, all were looked at. */
static int is_given(int way)
{
	int expected = 1;

	switch (way) {
	case 0:
		return atomic_load_explicit(&flags[0], memory_order_acquire);
	case 1:
		return atomic_load(&flags[1]);
	case 2:
		return atomic_fetch_add_explicit(&flags[2], 0, memory_order_acquire);
	case 3:
		return atomic_fetch_and_explicit(&flags[3], 1, memory_order_acq_rel);
	case 4:
		return atomic_load_explicit(&flags[4], memory_order_consume);
	case 5:
		return atomic_compare_exchange_weak_explicit(
			&flags[5], &expected, 2, memory_order_acquire, memory_order_relaxed);
	default:
		if (!atomic_load_explicit(&flags[6], memory_order_relaxed))
			return 0;
		atomic_thread_fence(memory_order_acquire);
		return 1;
	}
}

static void take(void)
{
	for (int way = 0; way < WAYS; way++) {
		while (!is_given(way))
			sched_yield();
		race_use(data[way]);
	}
}

int main(void)
{
	race_run(give, take);
	return race_end();
}
