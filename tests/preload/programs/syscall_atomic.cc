/* C++20's atomic wait and notify, which libstdc++ makes of futex calls; it spins before it waits. */
#include <atomic>
#include <cstdio>
#include <fstream>
#include <semaphore>
#include <string>
#include <thread>
#include <unistd.h>

static void wait_until_asleep(pid_t tid)
{
	std::string path = "/proc/self/task/" + std::to_string(tid) + "/stat", text;

	for (int i = 0; i < 100000 && text.find(") S ") == text.npos; i++)
		std::getline(std::ifstream(path), text);
}

int main()
{
	std::atomic<int> turn{0}, tid{0};
	std::counting_semaphore<8> slots{0};
	int sum = 0;
	std::thread other([&] {
		tid = gettid();
		for (int i = 0; i < 200; i++) {
			turn.wait(2 * i);
			sum += turn.load();
			turn.fetch_add(1);
			turn.notify_one();
			slots.release();
		}
	});

	while (tid == 0)
		std::this_thread::yield();
	wait_until_asleep(tid);
	for (int i = 0; i < 200; i++) {
		turn.fetch_add(1);
		turn.notify_one();
		turn.wait(2 * i + 1);
		slots.acquire();
	}
	other.join();
	std::printf("%d %d\n", sum, turn.load());
}
