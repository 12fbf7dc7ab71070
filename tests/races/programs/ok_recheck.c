/* What was seen under an earlier hold is looked at again under the one that acts on it. */
#include "race.h"

int value;
pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void fill(void)
{
	int missing;

	pthread_mutex_lock(&lock);
	missing = !value;
	pthread_mutex_unlock(&lock);
	if (!missing)
		return;
	pthread_mutex_lock(&lock);
	if (!value)
		value = 42;
	pthread_mutex_unlock(&lock);
}

static void expire(void)
{
	pthread_mutex_lock(&lock);
	value = 0;
	pthread_mutex_unlock(&lock);
}

int main(void)
{
	race_run(fill, expire);
	race_use(value);
	return race_end();
}
