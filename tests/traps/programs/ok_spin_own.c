/* Locks of its own: test-and-set, tickets, and inline assembly with a plain store as release.
 * tsan: no
 */
#include <sched.h>
#include <stdatomic.h>

#include "trial.h"

enum { ROUNDS = 2000 };

static int test_and_set, by_assembly;
static struct {
	atomic_uint next, serving;
} ticket;
static long counts[3];

static void count_by_flag(void)
{
	while (__sync_lock_test_and_set(&test_and_set, 1))
		while (__atomic_load_n(&test_and_set, __ATOMIC_RELAXED))
			sched_yield();
	counts[0]++;
	__sync_lock_release(&test_and_set);
}

static void count_by_ticket(void)
{
	unsigned mine = atomic_fetch_add(&ticket.next, 1);

	while (atomic_load_explicit(&ticket.serving, memory_order_acquire) != mine)
		sched_yield();
	counts[1]++;
	atomic_store_explicit(&ticket.serving, mine + 1, memory_order_release);
}

static int exchange(int *at, int value)
{
	__asm__ volatile("xchgl %0, %1" : "+r"(value), "+m"(*at) : : "memory");
	return value;
}

static void count_by_assembly(void)
{
	while (exchange(&by_assembly, 1))
		sched_yield();
	counts[2]++;
	__asm__ volatile("movl $0, %0" : "=m"(by_assembly) : : "memory");
}

static void *work(void *unused)
{
	(void)unused;
	for (int i = 0; i < ROUNDS; i++) {
		count_by_flag();
		count_by_ticket();
		count_by_assembly();
	}
	return NULL;
}

int main(void)
{
	trial_run(2, work);
	for (int i = 0; i < 3; i++)
		trial_check(counts[i] == 2 * ROUNDS);
	return trial_end();
}
