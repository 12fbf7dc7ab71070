/* A bounded buffer with a mutex and two conditions. */
#include "trial.h"

enum { SLOTS = 4, ITEMS = 3000 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t not_full = PTHREAD_COND_INITIALIZER, not_empty = PTHREAD_COND_INITIALIZER;
static int slots[SLOTS], first, used;

static void put(int item)
{
	pthread_mutex_lock(&lock);
	while (used == SLOTS)
		pthread_cond_wait(&not_full, &lock);
	slots[(first + used++) % SLOTS] = item;
	pthread_cond_signal(&not_empty);
	pthread_mutex_unlock(&lock);
}

static int take(void)
{
	int item;

	pthread_mutex_lock(&lock);
	while (used == 0)
		pthread_cond_wait(&not_empty, &lock);
	item = slots[first];
	first = (first + 1) % SLOTS;
	used--;
	pthread_cond_signal(&not_full);
	pthread_mutex_unlock(&lock);
	return item;
}

static void *work(void *number)
{
	for (int i = 0; i < ITEMS; i++)
		if (trial_number(number) == 0)
			put(i);
		else
			trial_check(take() == i);
	return NULL;
}

int main(void)
{
	trial_run(2, work);
	return trial_end();
}
