/* C11: two threads are polite: each waits for the other's turn to be over. Nobody signals. */
#include <stdbool.h>
#include <threads.h>

#include "support/hang.h"

static mtx_t lock;
static cnd_t left_done, right_done;
static bool left_is_done, right_is_done;

static int be_left(void *unused)
{
	(void)unused;
	mtx_lock(&lock);
	hang_step(0);
	hang_sleep();
	while (!right_is_done && !hang_fixed)
		cnd_wait(&right_done, &lock);
	left_is_done = true;
	cnd_signal(&left_done);
	mtx_unlock(&lock);
	return 0;
}

static int be_right(void *unused)
{
	(void)unused;
	hang_await(0, 1);
	mtx_lock(&lock);
	hang_last(2);
	while (!left_is_done)
		cnd_wait(&left_done, &lock);
	right_is_done = true;
	cnd_signal(&right_done);
	mtx_unlock(&lock);
	return 0;
}

int main(int argc, char **argv)
{
	thrd_t left, right;

	hang_begin(argc, argv);
	mtx_init(&lock, mtx_plain);
	cnd_init(&left_done);
	cnd_init(&right_done);
	thrd_create(&left, be_left, NULL);
	thrd_create(&right, be_right, NULL);
	hang_sleep();
	thrd_join(left, NULL);
	return thrd_join(right, NULL) != thrd_success;
}
