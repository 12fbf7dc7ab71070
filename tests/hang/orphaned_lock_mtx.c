/* C11: thrd_exit() while a mtx_t is held, by a thread that nobody joins. */
#include <threads.h>

#include "support/hang.h"

static mtx_t cache;
static int entries;

static int evict(void *unused)
{
	(void)unused;
	mtx_lock(&cache);
	hang_step(0);
	if (entries == 0) {
		if (hang_fixed)
			mtx_unlock(&cache);
		thrd_exit(1);
	}
	entries--;
	mtx_unlock(&cache);
	return 0;
}

int main(int argc, char **argv)
{
	thrd_t thread;

	hang_begin(argc, argv);
	mtx_init(&cache, mtx_plain);
	thrd_create(&thread, evict, NULL);
	thrd_detach(thread);
	hang_await(0, 1);
	hang_last(0);
	mtx_lock(&cache);
	entries++;
	return mtx_unlock(&cache) != thrd_success;
}
