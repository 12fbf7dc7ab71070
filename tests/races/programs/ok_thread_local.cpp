/* thread_local objects with constructors and destructors. */
#include <string>

#include "race.h"

thread_local std::string own = "each thread has one, long enough for the heap";
thread_local int calls;

static void work()
{
	for (int i = 0; i < RACE_ROUNDS; i++) {
		own[0] = 'x';
		own += 'y';
		calls++;
	}
	race_use(calls + own[0]);
}

int main()
{
	race_run(work, work);
	return race_end();
}
