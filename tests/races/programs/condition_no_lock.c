/* The predicate of a condition variable is set without its mutex. */
#include <time.h>

#include "race.h"

int ready;
pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
pthread_cond_t changed = PTHREAD_COND_INITIALIZER;

static void set(void)
{
#ifdef FIXED
	pthread_mutex_lock(&lock);
#endif
	ready = 1;
#ifdef FIXED
	pthread_mutex_unlock(&lock);
#endif
	pthread_cond_signal(&changed);
}

/* The wake-up may be lost, so the wait has a limit. */
static void await(void)
{
	struct timespec limit;

	clock_gettime(CLOCK_REALTIME, &limit);
	limit.tv_sec++;
	pthread_mutex_lock(&lock);
	while (!ready)
		if (pthread_cond_timedwait(&changed, &lock, &limit))
			break;
	pthread_mutex_unlock(&lock);
}

int main(void)
{
	race_run(await, set);
	return race_end();
}
