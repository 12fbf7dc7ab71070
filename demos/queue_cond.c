/*
 * Teaches: a consumer waits on a condition until the list has items.
 *
 * The producer puts a number in the list every 2 ms and notifies; the consumer takes what is there
 * and adds it up. The list is tested under the lock and in a loop: conctrace has nothing to say.
 * The wrong twin is lost_wakeup.
 */
#include <pthread.h>
#include <stdio.h>
#include <time.h>

#define NUMBERS 20

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t has_items = PTHREAD_COND_INITIALIZER;
static int items[NUMBERS];
static int length;

static void *producer(void *unused)
{
	for (int i = 1; i <= NUMBERS; i++) {
		nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL); /* makes it */
		pthread_mutex_lock(&lock);
		items[length++] = i;
		pthread_cond_signal(&has_items);
		pthread_mutex_unlock(&lock);
	}
	return unused;
}

static void *consumer(void *sum)
{
	for (int i = 0; i < NUMBERS; i++) {
		pthread_mutex_lock(&lock);
		while (length == 0)
			pthread_cond_wait(&has_items, &lock);
		*(long *)sum += items[--length];
		pthread_mutex_unlock(&lock);
	}
	return NULL;
}

int main(void)
{
	pthread_t threads[2];
	long sum = 0;

	pthread_create(&threads[0], NULL, consumer, &sum);
	pthread_create(&threads[1], NULL, producer, NULL);
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	printf("sum %ld\n", sum);
	return 0;
}
