/* The hit counter is written by those who have the lock only as readers. */
#include "race.h"

long hits;
pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;

static void look_up(void)
{
	for (int i = 0; i < RACE_ROUNDS; i++) {
#ifdef FIXED
		pthread_rwlock_wrlock(&lock);
#else
		pthread_rwlock_rdlock(&lock);
#endif
		hits++;
		pthread_rwlock_unlock(&lock);
	}
}

int main(void)
{
	race_run(look_up, look_up);
	race_use(hits);
	return race_end();
}
