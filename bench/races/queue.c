/* A bounded queue with a mutex and two conditions, from one producer to one consumer. */
#include "kernel.h"

enum { SLOTS = 64, ITEMS = 400000 };

static long slots[SLOTS];
static int head, filled;
static long sum;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t not_empty = PTHREAD_COND_INITIALIZER;
static pthread_cond_t not_full = PTHREAD_COND_INITIALIZER;

static void put(long item)
{
	pthread_mutex_lock(&lock);
	while (filled == SLOTS)
		pthread_cond_wait(&not_full, &lock);
	slots[(head + filled++) % SLOTS] = item;
	if (filled == 1)
		pthread_cond_signal(&not_empty);
	pthread_mutex_unlock(&lock);
}

static long take(void)
{
	long item;

	pthread_mutex_lock(&lock);
	while (!filled)
		pthread_cond_wait(&not_empty, &lock);
	item = slots[head];
	head = (head + 1) % SLOTS;
	if (filled-- == SLOTS)
		pthread_cond_signal(&not_full);
	pthread_mutex_unlock(&lock);
	return item;
}

static void *work(void *number)
{
	for (long i = 0; i < ITEMS; i++) {
		if (kernel_number(number))
			sum += take();
		else
			put(i);
	}
	return NULL;
}

int main(void)
{
	kernel_run(work);
	return kernel_result(sum);
}
