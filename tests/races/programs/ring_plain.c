/* A ring of one producer and one consumer, whose indices are plain. */
#include <sched.h>

#include "race.h"

enum { SLOTS = 8 };

int ring[SLOTS];
unsigned written;
unsigned taken;

#ifdef FIXED
static unsigned load(const unsigned *index)
{
	return __atomic_load_n(index, __ATOMIC_ACQUIRE);
}

static void store(unsigned *index, unsigned value)
{
	__atomic_store_n(index, value, __ATOMIC_RELEASE);
}
#else
static unsigned load(const unsigned *index)
{
	return *index;
}

static void store(unsigned *index, unsigned value)
{
	*index = value;
}
#endif

static void produce(void)
{
	for (unsigned i = 0; i < RACE_ROUNDS; i++) {
		while (i - load(&taken) == SLOTS)
			sched_yield();
		ring[i % SLOTS] = (int)i;
		store(&written, i + 1);
	}
}

static void consume(void)
{
	for (unsigned i = 0; i < RACE_ROUNDS; i++) {
		while (load(&written) == i)
			sched_yield();
		race_use(ring[i % SLOTS]);
		store(&taken, i + 1);
	}
}

int main(void)
{
	race_run(produce, consume);
	return race_end();
}
