/*
 * As predicted_lock.c with a std::shared_mutex: the writer's exclusive section is followed by a
 * reader's, which orders the accesses of this run by chance.
 */
#include <mutex>
#include <shared_mutex>

#include "race.h"

int value;
int settings;
std::shared_mutex settings_lock;
std::mutex value_lock;

static void configure()
{
#ifdef FIXED
	std::lock_guard<std::mutex> guard(value_lock);
#endif
	value = 1;
	std::unique_lock<std::shared_mutex> exclusive(settings_lock);
	settings = 1;
}

static void use()
{
	race_pause(); /* see predicted_lock.c */
	{
		std::shared_lock<std::shared_mutex> shared(settings_lock);
	}
#ifdef FIXED
	std::lock_guard<std::mutex> guard(value_lock);
#endif
	race_use(value);
}

int main()
{
	race_run(configure, use);
	return race_end();
}
