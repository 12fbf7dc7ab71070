/* Both take a lock, but not the same. */
#include "race.h"

int queue_length;
pthread_mutex_t readers = PTHREAD_MUTEX_INITIALIZER;
pthread_mutex_t writers = PTHREAD_MUTEX_INITIALIZER;

static void change(pthread_mutex_t *lock, int by)
{
	for (int i = 0; i < RACE_ROUNDS; i++) {
		pthread_mutex_lock(lock);
		queue_length += by;
		pthread_mutex_unlock(lock);
	}
}

static void enqueue(void)
{
	change(&writers, 1);
}

static void dequeue(void)
{
#ifdef FIXED
	change(&writers, -1);
#else
	change(&readers, -1);
#endif
}

int main(void)
{
	race_run(enqueue, dequeue);
	race_use(queue_length);
	return race_end();
}
