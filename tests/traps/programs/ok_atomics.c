/* C11 atomics in all memory orders: counters, flags, publication, and Dekker's pattern. */
#include <sched.h>
#include <stdatomic.h>

#include "trial.h"

enum { ROUNDS = 3000 };

struct item {
	int value;
	long square;
};

static atomic_long relaxed_count, count;
static _Atomic int flag, turn, wants[2];
static _Atomic(struct item *) newest;
static _Atomic short small;
static atomic_bool ready;
static long plain, in_turn;
static struct item items[ROUNDS];

static void publish(int i)
{
	items[i] = (struct item){i, (long)i * i};
	atomic_store_explicit(&newest, &items[i], memory_order_release);
}

static void look(void)
{
	const struct item *seen = atomic_load_explicit(&newest, memory_order_acquire);

	trial_check(!seen || seen->square == (long)seen->value * seen->value);
}

static void count_in_turn(int me)
{
	while (atomic_load_explicit(&turn, memory_order_acquire) != me)
		sched_yield();
	in_turn++;
	atomic_store_explicit(&turn, !me, memory_order_release);
}

/* Both see each other or one of the two does: then nobody goes in. */
static void dekker(int me)
{
	wants[me] = 1;
	if (!wants[!me])
		plain++;
	wants[me] = 0;
}

static void *work(void *number)
{
	int me = trial_number(number), expected;

	for (int i = 0; i < ROUNDS; i++) {
		atomic_fetch_add_explicit(&relaxed_count, 1, memory_order_relaxed);
		count++;
		small += 1;
		expected = i;
		atomic_compare_exchange_weak(&flag, &expected, i + 1);
		atomic_store_explicit(&ready, i & 1, memory_order_relaxed);
		trial_use(atomic_load_explicit(&ready, memory_order_relaxed));
		if (me)
			look();
		else
			publish(i);
		dekker(me);
		if (i % 8 == 0)
			count_in_turn(me);
	}
	return NULL;
}

int main(void)
{
	trial_run(2, work);
	trial_check(count == 2 * ROUNDS && relaxed_count == 2 * ROUNDS);
	return trial_end();
}
