/* C11: main joins the worker while it holds the lock that the worker needs to finish. */
#include <threads.h>

#include "support/hang.h"

static mtx_t results;
static int sum;

static int work(void *unused)
{
	(void)unused;
	hang_sleep();
	mtx_lock(&results);
	sum += 42;
	mtx_unlock(&results);
	return 0;
}

int main(int argc, char **argv)
{
	thrd_t worker;

	hang_begin(argc, argv);
	mtx_init(&results, mtx_plain);
	mtx_lock(&results);
	thrd_create(&worker, work, NULL);
	if (hang_fixed)
		mtx_unlock(&results);
	hang_last(1);
	thrd_join(worker, NULL);
	if (!hang_fixed)
		mtx_unlock(&results);
	return sum != 42;
}
