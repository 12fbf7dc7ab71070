/* A free seat is chosen under the lock and taken under a later hold of it: by two. */
#include <mutex>

#include "race.h"

int taken;
int names[4];
std::mutex lock;

static void reserve()
{
	std::unique_lock<std::mutex> guard(lock);
	int seat = taken;

#ifndef FIXED
	guard.unlock();
	guard.lock();
#endif
	names[seat] = 1;
	taken = seat + 1;
}

int main()
{
	race_run(reserve, reserve);
	race_use(names[0] + names[1]);
	return race_end();
}
