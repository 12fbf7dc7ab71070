/* The common case does without the lock "because it only reads". */
#include "race.h"

long total;
pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void add(void)
{
	for (int i = 0; i < RACE_ROUNDS; i++) {
		pthread_mutex_lock(&lock);
		total += i;
		pthread_mutex_unlock(&lock);
	}
}

static void show(void)
{
#ifdef FIXED
	pthread_mutex_lock(&lock);
#endif
	race_use(total);
#ifdef FIXED
	pthread_mutex_unlock(&lock);
#endif
}

int main(void)
{
	race_run(add, show);
	return race_end();
}
