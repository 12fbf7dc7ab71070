/* Atomics of two and three words, which the compilers leave to libatomic. */
#include <atomic>
#include <cstdio>
#include <cstring>
#include <sched.h>
#include <thread>

struct two {
	long a, b;
};
struct three {
	long a, b, c;
};

static std::atomic<two> pair;
static std::atomic<three> triple;
static int plain;
/* constant in spite of -fno-builtin-memcpy and the like */
static size_t length = strlen("four");

int main()
{
	std::thread thread([] {
		plain = 3;
		pair.store(two{1, 2}, std::memory_order_release);
		while (triple.load(std::memory_order_acquire).c != 6)
			sched_yield();
	});
	two expected{1, 2};

	while (pair.load(std::memory_order_acquire).a != 1)
		sched_yield();
	std::printf("%d %zu\n", plain, length);
	if (!pair.compare_exchange_strong(expected, two{5, 6}) || pair.exchange(two{7, 8}).b != 6)
		return 1;
	triple.store(three{4, 5, 6}, std::memory_order_release);
	thread.join();
	return pair.load().b != 8 || triple.load().a != 4;
}
