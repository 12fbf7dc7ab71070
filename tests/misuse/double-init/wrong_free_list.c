/*
 * A pool initialises the mutex of an item each time that it hands it out, and destroys it never.
 * That frees nothing in glibc, so it harms nobody; POSIX leaves it undefined.
 *
 * expect: double-init - init_it init_it warning
 */
#include <pthread.h>
#include <stdlib.h>

struct item {
	struct item *next;
	pthread_mutex_t mutex;
};

static struct item *free_items;

static void init_it(struct item *item)
{
	pthread_mutex_init(&item->mutex, NULL);
}

static struct item *take(void)
{
	struct item *item = free_items;

	if (item)
		free_items = item->next;
	else
		item = malloc(sizeof *item);
	init_it(item);
	return item;
}

static void give_back(struct item *item)
{
	item->next = free_items;
	free_items = item;
}

int main(void)
{
	for (int i = 0; i < 4; i++) {
		struct item *item = take();

		pthread_mutex_lock(&item->mutex);
		pthread_mutex_unlock(&item->mutex);
		give_back(item);
	}
	free(free_items);
	return 0;
}
