/* C11: who fills a slot posts `emptied` instead of `filled`. */
#include <semaphore.h>
#include <threads.h>

#include "support/hang.h"

static sem_t emptied, filled;
static int slot;

static int fill(void *unused)
{
	(void)unused;
	sem_wait(&emptied);
	slot = 7;
	sem_post(hang_fixed ? &filled : &emptied);
	return 0;
}

int main(int argc, char **argv)
{
	thrd_t filler;

	hang_begin(argc, argv);
	sem_init(&emptied, 0, 1);
	sem_init(&filled, 0, 0);
	thrd_create(&filler, fill, NULL);
	thrd_join(filler, NULL);
	hang_last(0);
	sem_wait(&filled);
	sem_post(&emptied);
	return slot != 7;
}
