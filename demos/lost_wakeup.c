/*
 * Teaches: a notification that comes while nobody waits is gone.
 *
 * The consumer sees that the list is empty, and only then takes the lock and waits. In between the
 * producer puts an item in the list and notifies.
 *
 *   lost_wakeup          the producer always comes in between: hangs for certain. conctrace: rule
 *                        lost-wakeup, the signal that nobody got, exit status 66
 *   lost_wakeup --fixed  the list is looked at under the lock, and again after each wake-up: ends,
 *                        nothing to say
 */
#include <pthread.h>
#include <stdio.h>
#include <string.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t has_items = PTHREAD_COND_INITIALIZER;
static pthread_barrier_t was_empty, notified;
static int items;
static int fixed;

static void *producer(void *unused)
{
	if (!fixed)
		pthread_barrier_wait(&was_empty);
	pthread_mutex_lock(&lock);
	items++;
	pthread_cond_signal(&has_items);
	pthread_mutex_unlock(&lock);
	if (!fixed)
		pthread_barrier_wait(&notified);
	return unused;
}

static void take_wrong(void)
{
	int is_empty = items == 0;

	pthread_barrier_wait(&was_empty);
	pthread_barrier_wait(&notified);
	pthread_mutex_lock(&lock);
	if (is_empty)
		pthread_cond_wait(&has_items, &lock);
	items--;
	pthread_mutex_unlock(&lock);
}

static void take(void)
{
	pthread_mutex_lock(&lock);
	while (items == 0)
		pthread_cond_wait(&has_items, &lock);
	items--;
	pthread_mutex_unlock(&lock);
}

static void *consumer(void *unused)
{
	if (fixed)
		take();
	else
		take_wrong();
	return unused;
}

int main(int argc, char **argv)
{
	pthread_t threads[2];

	fixed = argc > 1 && strcmp(argv[1], "--fixed") == 0;
	pthread_barrier_init(&was_empty, NULL, 2);
	pthread_barrier_init(&notified, NULL, 2);
	pthread_create(&threads[0], NULL, consumer, NULL);
	pthread_create(&threads[1], NULL, producer, NULL);
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	printf("%d items left\n", items);
	return 0;
}
