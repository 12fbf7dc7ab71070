/* The version is read as a reader, and raised as a writer: others may have raised it in between. */
#include "race.h"

int version = 1;
pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;

static void upgrade(void)
{
	int seen;

#ifdef FIXED
	pthread_rwlock_wrlock(&lock);
	seen = version;
#else
	pthread_rwlock_rdlock(&lock);
	seen = version;
	pthread_rwlock_unlock(&lock);
	pthread_rwlock_wrlock(&lock);
#endif
	version = seen + 1;
	pthread_rwlock_unlock(&lock);
}

int main(void)
{
	race_run(upgrade, upgrade);
	race_use(version);
	return race_end();
}
