/* A relaxed flag between fences: the reader's fence is missing. */
#include <sched.h>
#include <stdatomic.h>

#include "race.h"

int payload;
atomic_int flag;

static void publish(void)
{
	payload = 1;
	atomic_thread_fence(memory_order_release);
	atomic_store_explicit(&flag, 1, memory_order_relaxed);
}

static void receive(void)
{
	while (!atomic_load_explicit(&flag, memory_order_relaxed))
		sched_yield();
#ifdef FIXED
	atomic_thread_fence(memory_order_acquire);
#endif
	race_use(payload);
}

int main(void)
{
	race_run(publish, receive);
	return race_end();
}
