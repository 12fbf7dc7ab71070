/* The flag is atomic, but relaxed: it says nothing of what was written before. */
#include <sched.h>
#include <stdatomic.h>

#include "race.h"

int payload;
atomic_int flag;

#ifdef FIXED
enum { STORE = memory_order_release, LOAD = memory_order_acquire };
#else
enum { STORE = memory_order_relaxed, LOAD = memory_order_relaxed };
#endif

static void publish(void)
{
	payload = 1;
	atomic_store_explicit(&flag, 1, STORE);
}

static void receive(void)
{
	while (!atomic_load_explicit(&flag, LOAD))
		sched_yield();
	race_use(payload);
}

int main(void)
{
	race_run(publish, receive);
	return race_end();
}
