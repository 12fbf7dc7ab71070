/*
 * A pool is taken down while its workers wait for work: cnd_destroy waits for them, they wait for
 * work, and main joins whom it asked to take the pool down. The twin tells the workers to end.
 */
#include <threads.h>

#include "support/hang.h"

enum { WORKERS = 2 };

static struct pool {
	mtx_t mutex;
	cnd_t work;
	int is_over;
} pool;

static int serve(void *unused)
{
	(void)unused;
	mtx_lock(&pool.mutex);
	hang_sleep();
	while (!pool.is_over)
		cnd_wait(&pool.work, &pool.mutex);
	mtx_unlock(&pool.mutex);
	return 0;
}

static int take_down(void *unused)
{
	(void)unused;
	hang_last(WORKERS + 1);
	if (hang_fixed) {
		mtx_lock(&pool.mutex);
		pool.is_over = 1;
		cnd_broadcast(&pool.work);
		mtx_unlock(&pool.mutex);
	}
	cnd_destroy(&pool.work);
	return 0;
}

int main(int argc, char **argv)
{
	thrd_t workers[WORKERS], closer;

	hang_begin(argc, argv);
	mtx_init(&pool.mutex, mtx_plain);
	cnd_init(&pool.work);
	for (int i = 0; i < WORKERS; i++)
		thrd_create(&workers[i], serve, NULL);
	thrd_create(&closer, take_down, NULL);
	hang_sleep();
	thrd_join(closer, NULL);
	for (int i = 0; i < WORKERS; i++)
		thrd_join(workers[i], NULL);
	mtx_destroy(&pool.mutex);
	return 0;
}
