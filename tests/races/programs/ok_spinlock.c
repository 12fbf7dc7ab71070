/* POSIX spin locks, and one out of atomic_flag. */
#include <sched.h>
#include <stdatomic.h>

#include "race.h"

pthread_spinlock_t spin;
atomic_flag flag = ATOMIC_FLAG_INIT;
long counters[2];

static void count(void)
{
	for (int i = 0; i < RACE_ROUNDS; i++) {
		pthread_spin_lock(&spin);
		counters[0]++;
		pthread_spin_unlock(&spin);
		while (atomic_flag_test_and_set_explicit(&flag, memory_order_acquire))
			sched_yield();
		counters[1]++;
		atomic_flag_clear_explicit(&flag, memory_order_release);
	}
}

int main(void)
{
	pthread_spin_init(&spin, PTHREAD_PROCESS_PRIVATE);
	race_run(count, count);
	pthread_spin_destroy(&spin);
	return race_end();
}
