/* C++ atomics in all memory orders, of integers, pointers, flags and small structures.
 * libs: -latomic
 */
#include <atomic>
#include <thread>

#include "trial.h"

namespace
{
constexpr int rounds = 3000;

struct Point {
	int x, y;
};

struct Shared {
	std::atomic<long> relaxed{0};
	std::atomic<int> sequential{0};
	std::atomic<unsigned char> byte{0};
	std::atomic<Point> point{Point{0, 0}};
	std::atomic<int *> pointer{nullptr};
	std::atomic_flag busy = ATOMIC_FLAG_INIT;
	std::atomic<bool> stop{false};
	long guarded = 0;
	int numbers[rounds] = {};
};

void work(Shared *shared, int me)
{
	for (int i = 0; i < rounds; i++) {
		shared->relaxed.fetch_add(2, std::memory_order_relaxed);
		shared->sequential++;
		shared->byte.store(static_cast<unsigned char>(i), std::memory_order_release);
		trial_use(shared->byte);
		shared->point.store(Point{i, i});
		Point seen = shared->point.load(std::memory_order_acquire);
		trial_check(seen.x == seen.y);
		while (shared->busy.test_and_set(std::memory_order_acquire))
			std::this_thread::yield();
		shared->guarded++;
		shared->busy.clear(std::memory_order_release);
		if (me == 0) {
			shared->numbers[i] = i + 1;
			shared->pointer.store(&shared->numbers[i], std::memory_order_release);
		} else if (int *pointer = shared->pointer.load(std::memory_order_acquire)) {
			trial_check(*pointer > 0);
		}
		trial_use(shared->stop.load(std::memory_order_relaxed));
	}
	shared->stop = true;
}
} // namespace

int main()
{
	Shared *shared = new Shared;
	std::thread first(work, shared, 0), second(work, shared, 1);

	first.join();
	second.join();
	trial_check(shared->guarded == 2L * rounds);
	delete shared;
	return trial_end();
}
