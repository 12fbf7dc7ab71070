/* A structure is assigned as a whole while a field of it is written. */
#include "race.h"

struct config {
	long limits[12];
	int level;
};

struct config current;
pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void change(void)
{
	pthread_mutex_lock(&lock);
	current.level = 3;
	pthread_mutex_unlock(&lock);
}

static void snapshot(void)
{
	struct config own;

#ifdef FIXED
	pthread_mutex_lock(&lock);
#endif
	own = current;
#ifdef FIXED
	pthread_mutex_unlock(&lock);
#endif
	race_use((long)&own);
	race_use(own.level + own.limits[3]);
}

int main(void)
{
	race_run(change, snapshot);
	return race_end();
}
