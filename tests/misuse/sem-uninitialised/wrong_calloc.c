/*
 * Memory of calloc is zero, but zero is no way to initialise a semaphore.
 *
 * cc: races
 * expect: sem-uninitialised - fill error
 */
#include <semaphore.h>
#include <stdlib.h>

struct queue {
	sem_t items;
	int count;
};

static void fill(struct queue *queue)
{
	queue->count++;
	sem_post(&queue->items);
}

static void empty(struct queue *queue)
{
	sem_wait(&queue->items);
	queue->count--;
}

int main(void)
{
	struct queue *queue = calloc(1, sizeof(*queue));

	fill(queue);
	empty(queue);
	free(queue);
	return 0;
}
