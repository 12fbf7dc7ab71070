/* std::condition_variable and a std::queue. */
#include <condition_variable>
#include <mutex>
#include <queue>
#include <string>

#include "race.h"

std::queue<std::string> queue;
std::mutex lock;
std::condition_variable filled;

static void produce()
{
	for (int i = 0; i < RACE_ROUNDS; i++) {
		std::lock_guard<std::mutex> guard(lock);
		queue.push("a text that does not fit into a string itself " + std::to_string(i));
		filled.notify_one();
	}
}

static void consume()
{
	for (int i = 0; i < RACE_ROUNDS; i++) {
		std::unique_lock<std::mutex> guard(lock);
		filled.wait(guard, [] { return !queue.empty(); });
		std::string text = std::move(queue.front());
		queue.pop();
		guard.unlock();
		race_use(text[0]);
	}
}

int main()
{
	race_run(produce, consume);
	return race_end();
}
