/*
 * A thread returns early and keeps the mtx_t. main joins it, and destroys the lock, which C11 has
 * no way to refuse.
 *
 * expect: exit-holding-lock jobs_lock count_job main main warning
 */
#include <stddef.h>
#include <threads.h>

static mtx_t jobs_lock;
static int jobs;

static int count_job(void *unused)
{
	(void)unused;
	mtx_lock(&jobs_lock);
	if (++jobs == 1)
		return 1;
	mtx_unlock(&jobs_lock);
	return 0;
}

int main(void)
{
	thrd_t thread;

	mtx_init(&jobs_lock, mtx_plain);
	thrd_create(&thread, count_job, NULL);
	thrd_join(thread, NULL);
	mtx_destroy(&jobs_lock);
	return 0;
}
