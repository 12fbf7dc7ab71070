/* An errno of one's own that all threads share. The twin's is of the thread. */
#include "race.h"

#ifdef FIXED
_Thread_local int last_error;
#else
int last_error;
#endif

static void open_it(void)
{
	last_error = 2;
}

static void close_it(void)
{
	last_error = 9;
	race_use(last_error);
}

int main(void)
{
	race_run(open_it, close_it);
	race_use(last_error);
	return race_end();
}
