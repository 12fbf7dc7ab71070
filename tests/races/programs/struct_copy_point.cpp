/* A small object is copied by its implicit copy constructor while it moves. */
#include <mutex>

#include "race.h"

struct point {
	double x, y, z;
};

point position{0, 0, 0};
std::mutex lock;

static void move()
{
	std::lock_guard<std::mutex> guard(lock);
	position.y += 1;
}

static void look()
{
#ifdef FIXED
	std::lock_guard<std::mutex> guard(lock);
#endif
	point own = position;

	race_use(static_cast<long>(own.x + own.y + own.z));
}

int main()
{
	race_run(move, look);
	return race_end();
}
