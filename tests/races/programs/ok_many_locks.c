/* 200 locks held at once, always in one order. */
#include "race.h"

enum { LOCKS = 200 };

pthread_mutex_t locks[LOCKS];
long counters[LOCKS];

static void work(void)
{
	for (int round = 0; round < 3; round++) {
		for (int i = 0; i < LOCKS; i++) {
			pthread_mutex_lock(&locks[i]);
			counters[i]++;
		}
		for (int i = LOCKS - 1; i >= 0; i--) {
			counters[i]++;
			pthread_mutex_unlock(&locks[i]);
		}
	}
}

int main(void)
{
	for (int i = 0; i < LOCKS; i++)
		pthread_mutex_init(&locks[i], NULL);
	race_run(work, work);
	return race_end();
}
