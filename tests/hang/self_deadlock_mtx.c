/* C11: a plain mtx_t is locked twice; its twin is recursive. */
#include <threads.h>

#include "support/hang.h"

static mtx_t tree;

static int walk(int depth)
{
	int below;

	if (depth == 1)
		hang_last(1);
	mtx_lock(&tree);
	below = depth < 3 ? walk(depth + 1) : 0;
	mtx_unlock(&tree);
	return below + 1;
}

static int start(void *unused)
{
	(void)unused;
	return walk(0);
}

int main(int argc, char **argv)
{
	thrd_t walker;
	int depth = 0;

	hang_begin(argc, argv);
	mtx_init(&tree, hang_fixed ? mtx_plain | mtx_recursive : mtx_plain);
	thrd_create(&walker, start, NULL);
	hang_sleep();
	thrd_join(walker, &depth);
	return depth != 4;
}
