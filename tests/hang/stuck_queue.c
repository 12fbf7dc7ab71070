/* Three workers wait for items; three came and were done, and nobody tells that it was all. No
 * signal is lost: each item is announced while somebody waits. */
#include <pthread.h>
#include <stdbool.h>

#include "support/hang.h"

enum { WORKERS = 3 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t not_empty = PTHREAD_COND_INITIALIZER;
static int items, waiting;
static bool closed;

static void *work(void *unused)
{
	(void)unused;
	pthread_mutex_lock(&lock);
	for (;;) {
		waiting++;
		while (items == 0 && !closed)
			pthread_cond_wait(&not_empty, &lock);
		waiting--;
		if (items == 0)
			break;
		items--;
	}
	pthread_mutex_unlock(&lock);
	return NULL;
}

/* Locks; returns when all workers wait and nothing is left to do. */
static void lock_when_idle(void)
{
	for (;;) {
		pthread_mutex_lock(&lock);
		if (waiting == WORKERS && items == 0)
			return;
		pthread_mutex_unlock(&lock);
	}
}

int main(int argc, char **argv)
{
	pthread_t threads[WORKERS];

	hang_begin(argc, argv);
	for (int i = 0; i < WORKERS; i++)
		pthread_create(&threads[i], NULL, work, NULL);
	for (int i = 0; i < 3; i++) {
		lock_when_idle();
		items++;
		pthread_cond_signal(&not_empty);
		pthread_mutex_unlock(&lock);
	}
	lock_when_idle();
	if (hang_fixed) {
		closed = true;
		pthread_cond_broadcast(&not_empty);
	}
	pthread_mutex_unlock(&lock);
	hang_last(0);
	for (int i = 0; i < WORKERS; i++)
		pthread_join(threads[i], NULL);
	return 0;
}
