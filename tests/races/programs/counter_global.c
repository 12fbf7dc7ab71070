/* Two threads count in one variable without a lock. */
#include "race.h"

long counter;
pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void count(void)
{
	for (int i = 0; i < RACE_ROUNDS; i++) {
#ifdef FIXED
		pthread_mutex_lock(&lock);
#endif
		counter++;
#ifdef FIXED
		pthread_mutex_unlock(&lock);
#endif
	}
}

int main(void)
{
	race_run(count, count);
	race_use(counter);
	return race_end();
}
