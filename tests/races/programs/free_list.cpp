/* An entry is taken out of a list under the lock; who found it before uses it after. */
#include <mutex>

#include "race.h"

struct entry {
	long value = 1;
	long rest[8] = {};
};

entry *head = new entry;
std::mutex lock;
pthread_barrier_t found;

static void find()
{
	std::unique_lock<std::mutex> guard(lock);
	entry *mine = head;

#ifdef FIXED
	race_use(mine->value);
	guard.unlock();
	pthread_barrier_wait(&found);
#else
	guard.unlock();
	pthread_barrier_wait(&found);
	race_use(mine->value);
#endif
}

static void remove()
{
	pthread_barrier_wait(&found);
	std::lock_guard<std::mutex> guard(lock);
	delete head;
	head = nullptr;
}

int main()
{
	pthread_barrier_init(&found, nullptr, 2);
	race_run(find, remove);
	pthread_barrier_destroy(&found);
	return race_end();
}
