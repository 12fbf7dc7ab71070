/* Two threads make parts of a result, and only the first is joined before it is read. */
#include <thread>

#include "race.h"

int left, right;

static void make_left()
{
	left = 1;
}

static void make_right()
{
	right = 2;
}

int main()
{
	std::thread first(make_left), second(make_right);

	first.join();
#ifdef FIXED
	second.join();
	race_use(left + right);
#else
	race_use(left + right);
	second.join();
#endif
	return race_end();
}
