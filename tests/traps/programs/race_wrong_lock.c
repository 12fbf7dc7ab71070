/* The same number under two different locks.
 * kind: hot
 */
#include "trial.h"

static pthread_mutex_t head_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t tail_lock = PTHREAD_MUTEX_INITIALIZER;
static int length;

static void put(void)
{
	pthread_mutex_lock(&tail_lock);
	length++; /* RACE */
	pthread_mutex_unlock(&tail_lock);
}

static void take(void)
{
	pthread_mutex_lock(&head_lock);
	length--; /* RACE */
	pthread_mutex_unlock(&head_lock);
}

static void *work(void *number)
{
	for (int i = 0; i < 50000; i++)
		if (trial_number(number))
			take();
		else
			put();
	return NULL;
}

int main(void)
{
	trial_run(2, work);
	return trial_end();
}
