/* A C11 program as people write it: producers and consumers of a bounded queue. Prints sums. */
#include <stdio.h>
#include <threads.h>

enum { ROOM = 8, PRODUCERS = 3, CONSUMERS = 2, EACH = 2000 };

static struct {
	mtx_t lock;
	cnd_t filled, emptied;
	int items[ROOM], first, count, producing;
} queue;

static once_flag started = ONCE_FLAG_INIT;
static tss_t sum_key;

static void start_once(void)
{
	mtx_init(&queue.lock, mtx_plain);
	cnd_init(&queue.filled);
	cnd_init(&queue.emptied);
	tss_create(&sum_key, NULL);
	queue.producing = PRODUCERS;
}

static int produce(void *unused)
{
	(void)unused;
	call_once(&started, start_once);
	for (int i = 1; i <= EACH; i++) {
		mtx_lock(&queue.lock);
		while (queue.count == ROOM)
			cnd_wait(&queue.emptied, &queue.lock);
		queue.items[(queue.first + queue.count++) % ROOM] = i;
		cnd_signal(&queue.filled);
		mtx_unlock(&queue.lock);
	}
	mtx_lock(&queue.lock);
	queue.producing--;
	cnd_broadcast(&queue.filled);
	mtx_unlock(&queue.lock);
	return 0;
}

static int consume(void *unused)
{
	int sum = 0;

	(void)unused;
	call_once(&started, start_once);
	tss_set(sum_key, &sum);
	mtx_lock(&queue.lock);
	for (;;) {
		while (queue.count == 0 && queue.producing > 0)
			cnd_wait(&queue.filled, &queue.lock);
		if (queue.count == 0)
			break;
		*(int *)tss_get(sum_key) += queue.items[queue.first];
		queue.first = (queue.first + 1) % ROOM;
		queue.count--;
		cnd_signal(&queue.emptied);
	}
	mtx_unlock(&queue.lock);
	thrd_exit(sum);
}

int main(void)
{
	thrd_t producers[PRODUCERS], consumers[CONSUMERS];
	int sum = 0, part;

	for (int i = 0; i < CONSUMERS; i++)
		thrd_create(&consumers[i], consume, NULL);
	for (int i = 0; i < PRODUCERS; i++)
		thrd_create(&producers[i], produce, NULL);
	for (int i = 0; i < PRODUCERS; i++)
		thrd_join(producers[i], NULL);
	for (int i = 0; i < CONSUMERS; i++) {
		thrd_join(consumers[i], &part);
		sum += part;
	}
	cnd_destroy(&queue.filled);
	cnd_destroy(&queue.emptied);
	mtx_destroy(&queue.lock);
	printf("%d of %d\n", sum, PRODUCERS * EACH * (EACH + 1) / 2);
	return 0;
}
