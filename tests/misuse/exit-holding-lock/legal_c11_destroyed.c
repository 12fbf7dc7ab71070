/*
 * Legal: the thread unlocks before it ends, and the mtx_t is destroyed, and begun anew there.
 */
#include <stddef.h>
#include <threads.h>

static mtx_t jobs_lock;
static int jobs;

static int count_job(void *unused)
{
	(void)unused;
	mtx_lock(&jobs_lock);
	++jobs;
	mtx_unlock(&jobs_lock);
	return 0;
}

static void count_in_thread(void)
{
	thrd_t thread;

	thrd_create(&thread, count_job, NULL);
	thrd_join(thread, NULL);
}

int main(void)
{
	for (int round = 0; round < 2; round++) {
		mtx_init(&jobs_lock, mtx_plain);
		count_in_thread();
		mtx_destroy(&jobs_lock);
	}
	return 0;
}
