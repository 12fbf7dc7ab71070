// Right: std::thread and std::mutex.
#include <cstdio>
#include <mutex>
#include <thread>

static std::mutex lock;
static int sum;

static void work()
{
	for (int i = 0; i < 20; i++) {
		std::lock_guard<std::mutex> guard(lock);
		sum++;
	}
}

int main()
{
	std::thread first(work), second(work);

	first.join();
	second.join();
	puts(sum == 40 ? "done" : "wrong");
	return 0;
}
