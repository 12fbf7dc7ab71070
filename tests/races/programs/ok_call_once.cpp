/* std::call_once makes what both threads then use. */
#include <mutex>

#include "race.h"

std::once_flag once;
int table;

static void use()
{
	std::call_once(once, [] { table = 7; });
	race_use(table);
}

int main()
{
	race_run(use, use);
	return race_end();
}
