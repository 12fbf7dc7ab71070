/*
 * Legal: what was never created is not joined, and a pthread_t that a new thread got again is that
 * one's.
 */
#include <pthread.h>
#include <stddef.h>

enum { WORKERS = 3 };

static pthread_t workers[WORKERS + 1];

static void *work(void *unused)
{
	return unused;
}

static void join_all(void)
{
	for (int i = 0; i <= WORKERS; i++) {
		if (workers[i])
			pthread_join(workers[i], NULL);
		workers[i] = 0;
	}
}

int main(void)
{
	for (int round = 0; round < 2; round++) {
		for (int i = 0; i < WORKERS; i++)
			pthread_create(&workers[i], NULL, work, NULL);
		join_all();
	}
	return 0;
}
