/*
 * What waits for an atomic in a loop leaves few records, and the initialisation of a static object
 * is ordered with who finds it done. Each loop runs many times before the other thread lets it go.
 */
#include <atomic>
#include <cstdio>
#include <sched.h>
#include <thread>

static std::atomic<int> ready, turns, taken;
static std::atomic_flag lock = ATOMIC_FLAG_INIT;
static int initialised;

struct object {
	object()
	{
		initialised = 1;
	}
	int value = 5;
};

static int get()
{
	static object one;
	return one.value;
}

static void wait_until(std::atomic<int> &what, int value)
{
	while (what.load(std::memory_order_acquire) != value)
		sched_yield();
}

static void waits()
{
	int expected = 1;

	for (int i = 0; i < 1000; i++)
		while (ready.load() != 0)
			;
	for (int i = 0; i < 1000; i++)
		lock.test_and_set();
	for (int i = 0; i < 1000; i++, expected = 1)
		if (taken.compare_exchange_strong(expected, 2))
			return;
	turns.store(1, std::memory_order_release);
	wait_until(ready, 1);
	std::printf("%d\n", get());
}

int main()
{
	lock.test_and_set();
	std::thread thread(waits);

	wait_until(turns, 1);
	std::printf("%d\n", get());
	ready.store(1, std::memory_order_release);
	thread.join();
	return initialised != 1;
}
