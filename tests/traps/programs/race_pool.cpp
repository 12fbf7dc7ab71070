/* Workers of a pool write to the same heap object, each after it took a task under the lock.
 * kind: hot
 */
#include <memory>
#include <mutex>
#include <queue>
#include <thread>
#include <vector>

#include "trial.h"

namespace
{
struct Document {
	long words = 0;
};

struct Task {
	std::shared_ptr<Document> document;
	unsigned size;
};

class Pool
{
      public:
	void add(Task task)
	{
		std::lock_guard<std::mutex> guard(lock);
		tasks.push(std::move(task));
	}
	bool take(Task &out)
	{
		std::lock_guard<std::mutex> guard(lock);
		if (tasks.empty())
			return false;
		out = std::move(tasks.front());
		tasks.pop();
		return true;
	}

      private:
	std::mutex lock;
	std::queue<Task> tasks;
};

void work(Pool *pool)
{
	Task task;

	while (pool->take(task)) {
		unsigned size = trial_mix(task.size) & 7;

		task.document->words += size; /* RACE */
	}
}
} // namespace

int main()
{
	auto document = std::make_shared<Document>();
	Pool pool;
	std::vector<std::thread> threads;

	for (unsigned i = 0; i < 5000; i++)
		pool.add(Task{document, i});
	for (int i = 0; i < 3; i++)
		threads.emplace_back(work, &pool);
	for (std::thread &thread : threads)
		thread.join();
	return trial_end();
}
