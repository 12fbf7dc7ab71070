/* Two C11 threads that take two mutexes in either order, one after the other: no deadlock now. */
#include <threads.h>

static mtx_t first, second;

static int forwards(void *unused)
{
	(void)unused;
	mtx_lock(&first);
	mtx_lock(&second);
	mtx_unlock(&second);
	mtx_unlock(&first);
	return 0;
}

static int backwards(void *unused)
{
	(void)unused;
	mtx_lock(&second);
	mtx_lock(&first);
	mtx_unlock(&first);
	mtx_unlock(&second);
	return 0;
}

/* main's threads overlap by their life, not by what they do. */
static int forwards_later(void *before)
{
	thrd_join(*(thrd_t *)before, NULL);
	return forwards(before);
}

int main(int argc, char **argv)
{
	thrd_t one, two;

	(void)argv;
	mtx_init(&first, mtx_plain);
	mtx_init(&second, mtx_plain);
	thrd_create(&one, backwards, NULL);
	if (argc > 1) /* ordered: no finding */
		thrd_create(&two, forwards_later, &one);
	else
		thrd_create(&two, forwards, NULL);
	if (argc == 1)
		thrd_join(one, NULL);
	thrd_join(two, NULL);
	return 0;
}
