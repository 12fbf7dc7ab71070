/* A relaxed read-modify-write goes on with the release of the store that it read from. */
#include <sched.h>
#include <stdatomic.h>

#include "race.h"

int data;
atomic_int state;

static void *give(void *unused)
{
	(void)unused;
	data = 1;
	atomic_store_explicit(&state, 1, memory_order_release);
	return NULL;
}

static void *pass_on(void *unused)
{
	int seen = 1;

	(void)unused;
	while (!atomic_compare_exchange_weak_explicit(&state, &seen, 2, memory_order_relaxed,
						      memory_order_relaxed)) {
		seen = 1;
		sched_yield();
	}
	return NULL;
}

static void *take(void *unused)
{
	(void)unused;
	while (atomic_load_explicit(&state, memory_order_acquire) != 2)
		sched_yield();
	race_use(data);
	return NULL;
}

int main(void)
{
	void *(*const bodies[])(void *) = {give, pass_on, take};
	pthread_t threads[3];

	for (int i = 0; i < 3; i++)
		pthread_create(&threads[i], NULL, bodies[i], NULL);
	for (int i = 0; i < 3; i++)
		pthread_join(threads[i], NULL);
	return race_end();
}
