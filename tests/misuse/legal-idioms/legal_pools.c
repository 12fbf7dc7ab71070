/*
 * Two pools with free lists: one initialises an item's locks when the item is made and never again;
 * the other destroys them when it is given back, and initialises them when it is handed out.
 */
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>

struct item {
	struct item *next;
	pthread_mutex_t mutex;
	sem_t full;
};

static struct item *free_items;

static void init(struct item *item)
{
	pthread_mutex_init(&item->mutex, NULL);
	sem_init(&item->full, 0, 0);
}

static void destroy(struct item *item)
{
	pthread_mutex_destroy(&item->mutex);
	sem_destroy(&item->full);
}

static struct item *take(int each_time)
{
	struct item *item = free_items;

	if (item) {
		free_items = item->next;
	} else {
		item = malloc(sizeof *item);
		if (!each_time)
			init(item);
	}
	if (each_time)
		init(item);
	return item;
}

static void give_back(struct item *item, int each_time)
{
	if (each_time)
		destroy(item);
	item->next = free_items;
	free_items = item;
}

static void *fill(void *argument)
{
	struct item *item = argument;

	pthread_mutex_lock(&item->mutex);
	pthread_mutex_unlock(&item->mutex);
	sem_post(&item->full);
	return NULL;
}

int main(void)
{
	for (int each_time = 0; each_time < 2; each_time++) {
		for (int i = 0; i < 3; i++) {
			struct item *a = take(each_time), *b = take(each_time);
			pthread_t thread;

			pthread_create(&thread, NULL, fill, a);
			fill(b);
			sem_wait(&a->full);
			sem_wait(&b->full);
			pthread_join(thread, NULL);
			give_back(a, each_time);
			give_back(b, each_time);
		}
		while (free_items) {
			struct item *item = free_items;

			free_items = item->next;
			if (!each_time)
				destroy(item);
			free(item);
		}
	}
	return 0;
}
