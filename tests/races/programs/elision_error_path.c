/* The error path lets go of the lock before it is done with the data. */
#include "race.h"

int state;
int failures;
pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void step(int fails)
{
	pthread_mutex_lock(&lock);
	state++;
	if (fails) {
#ifdef FIXED
		failures++;
		pthread_mutex_unlock(&lock);
#else
		pthread_mutex_unlock(&lock);
		failures++;
#endif
		return;
	}
	pthread_mutex_unlock(&lock);
}

static void run(void)
{
	for (int i = 0; i < RACE_ROUNDS; i++)
		step(i % 5 == 4); /* the last one fails */
}

int main(void)
{
	race_run(run, run);
	race_use(state + failures);
	return race_end();
}
