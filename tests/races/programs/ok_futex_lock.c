/* A lock of one's own out of atomics and futex, after Drepper, "Futexes Are Tricky", 2004. */
#include <linux/futex.h>
#include <stdatomic.h>
#include <sys/syscall.h>

#include "race.h"

enum { FREE, TAKEN, WAITED_FOR };

atomic_int word;
long counter;

static void take(void)
{
	int seen = FREE;

	if (atomic_compare_exchange_strong_explicit(&word, &seen, TAKEN, memory_order_acquire,
						    memory_order_relaxed))
		return;
	while (atomic_exchange_explicit(&word, WAITED_FOR, memory_order_acquire) != FREE)
		syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, WAITED_FOR, NULL, NULL, 0);
}

static void leave(void)
{
	if (atomic_exchange_explicit(&word, FREE, memory_order_release) == WAITED_FOR)
		syscall(SYS_futex, &word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

static void count(void)
{
	for (int i = 0; i < RACE_ROUNDS; i++) {
		take();
		counter++;
		leave();
	}
}

int main(void)
{
	race_run(count, count);
	race_use(counter);
	return race_end();
}
