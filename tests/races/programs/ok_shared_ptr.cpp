/* The last std::shared_ptr deletes what several threads have used. */
#include <memory>
#include <thread>

#include "race.h"

struct object {
	int fields[3] = {};
};

static void use(std::shared_ptr<object> own, int field)
{
	own->fields[field]++;
	std::shared_ptr<object> copy = own;
	own.reset();
	copy->fields[field]++;
}

int main()
{
	auto shared = std::make_shared<object>();
	std::thread threads[3];

	for (int i = 0; i < 3; i++)
		threads[i] = std::thread(use, shared, i);
	shared.reset();
	for (auto &thread : threads)
		thread.join();
	return race_end();
}
