/* The table is filled by whoever needs it first, without a lock. */
#include "race.h"

enum { SIZE = 16 };

int squares[SIZE];
int filled;
pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void fill_once(void)
{
#ifdef FIXED
	pthread_mutex_lock(&lock);
#endif
	if (!filled) {
		for (int i = 0; i < SIZE; i++)
			squares[i] = i * i;
		filled = 1;
	}
#ifdef FIXED
	pthread_mutex_unlock(&lock);
#endif
}

static void look_up(void)
{
	fill_once();
	race_use(squares[7]);
}

int main(void)
{
	race_run(look_up, look_up);
	return race_end();
}
