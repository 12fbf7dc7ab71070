/* Counters that one thread changes by a relaxed load and store, and another reads: clang makes one
 * instruction of the two. Once as _Atomic, once by the compilers' own functions on plain numbers.
 */
#include <stdatomic.h>

#include "trial.h"

struct counters {
	_Atomic long bytes;
	long packets;
	int errors;
	unsigned char state;
};

static struct counters counters[2];
static volatile int unrelated[2][16];

static void bump(struct counters *own)
{
	long bytes = atomic_load_explicit(&own->bytes, memory_order_relaxed);

	atomic_store_explicit(&own->bytes, bytes + 100, memory_order_relaxed);
	__atomic_store_n(&own->packets, __atomic_load_n(&own->packets, __ATOMIC_RELAXED) + 1,
			 __ATOMIC_RELAXED);
	__atomic_store_n(&own->errors, own->errors + 1, __ATOMIC_RELEASE);
	__atomic_store_n(&own->state, 3, __ATOMIC_RELAXED);
}

static long sum(const struct counters *of)
{
	return atomic_load_explicit(&of->bytes, memory_order_relaxed) +
	       __atomic_load_n(&of->packets, __ATOMIC_RELAXED) +
	       __atomic_load_n(&of->errors, __ATOMIC_ACQUIRE) +
	       __atomic_load_n(&of->state, __ATOMIC_RELAXED);
}

static void *work(void *number)
{
	int me = trial_number(number);

	for (int i = 0; i < 5000; i++) {
		bump(&counters[me]);
		trial_use(sum(&counters[!me]));
		unrelated[me][i % 16] = i;
	}
	return NULL;
}

int main(void)
{
	trial_run(2, work);
	trial_check(counters[0].packets == 5000 && counters[1].errors == 5000);
	return trial_end();
}
