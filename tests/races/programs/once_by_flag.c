/* pthread_once replaced by a flag of one's own. */
#include "race.h"

int initialized;
int table;
pthread_once_t once = PTHREAD_ONCE_INIT;

static void initialize(void)
{
	table = 7;
}

static void work(void)
{
#ifdef FIXED
	pthread_once(&once, initialize);
#else
	if (!initialized) {
		initialized = 1;
		initialize();
	}
#endif
	race_use(table);
}

int main(void)
{
	race_run(work, work);
	race_use(initialized);
	return race_end();
}
