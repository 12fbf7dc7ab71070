/* C11: the producer announces its item by cnd_signal() before the consumer waits. */
#include <threads.h>

#include "support/hang.h"

static mtx_t lock;
static cnd_t filled;
static int items;

static int produce(void *unused)
{
	(void)unused;
	mtx_lock(&lock);
	items++;
	cnd_signal(&filled);
	mtx_unlock(&lock);
	hang_step(0);
	return 0;
}

static int consume(void *unused)
{
	(void)unused;
	hang_await(0, 1);
	mtx_lock(&lock);
	hang_last(1);
	do {
		if (!hang_fixed || items == 0)
			cnd_wait(&filled, &lock);
	} while (items == 0);
	items--;
	mtx_unlock(&lock);
	return 0;
}

int main(int argc, char **argv)
{
	thrd_t producer, consumer;

	hang_begin(argc, argv);
	mtx_init(&lock, mtx_plain);
	cnd_init(&filled);
	thrd_create(&producer, produce, NULL);
	thrd_create(&consumer, consume, NULL);
	thrd_join(producer, NULL);
	hang_sleep();
	return thrd_join(consumer, NULL) != thrd_success;
}
