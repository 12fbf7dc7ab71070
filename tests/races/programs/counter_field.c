/* Two threads count in a field of a structure on the heap. */
#include <stdlib.h>

#include "race.h"

struct statistics {
	pthread_mutex_t lock;
	long requests;
	long errors;
};

struct statistics *statistics;

static void serve(void)
{
	for (int i = 0; i < RACE_ROUNDS; i++) {
		pthread_mutex_lock(&statistics->lock);
		statistics->requests++;
#ifdef FIXED
		statistics->errors += i % 2;
		pthread_mutex_unlock(&statistics->lock);
#else
		pthread_mutex_unlock(&statistics->lock);
		statistics->errors += i % 2;
#endif
	}
}

int main(void)
{
	statistics = calloc(1, sizeof(*statistics));
	if (!statistics)
		return 1;
	pthread_mutex_init(&statistics->lock, NULL);
	race_run(serve, serve);
	race_use(statistics->requests + statistics->errors);
	pthread_mutex_destroy(&statistics->lock);
	free(statistics);
	return race_end();
}
