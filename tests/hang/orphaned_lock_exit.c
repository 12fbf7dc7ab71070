/* A thread returns early, with the mutex still locked; two others want it. */
#include <pthread.h>
#include <stddef.h>

#include "support/hang.h"

static pthread_mutex_t queue = PTHREAD_MUTEX_INITIALIZER;
static int items;

static void *take_item(void *unused)
{
	(void)unused;
	pthread_mutex_lock(&queue);
	if (items == 0) {
		if (hang_fixed)
			pthread_mutex_unlock(&queue);
		return NULL;
	}
	items--;
	pthread_mutex_unlock(&queue);
	return NULL;
}

static void *put_item(void *unused)
{
	(void)unused;
	hang_sleep();
	pthread_mutex_lock(&queue);
	items++;
	pthread_mutex_unlock(&queue);
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t taker, putter;

	hang_begin(argc, argv);
	pthread_create(&taker, NULL, take_item, NULL);
	pthread_join(taker, NULL);
	pthread_create(&putter, NULL, put_item, NULL);
	hang_last(1);
	pthread_mutex_lock(&queue);
	items++;
	pthread_mutex_unlock(&queue);
	return pthread_join(putter, NULL);
}
