/* Values go from thread to thread by a condition variable. */
#include "race.h"

int value;
int full;
pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
pthread_cond_t changed = PTHREAD_COND_INITIALIZER;

static void await(int wanted)
{
	while (full != wanted)
		pthread_cond_wait(&changed, &lock);
}

static void produce(void)
{
	for (int i = 0; i < RACE_ROUNDS; i++) {
		pthread_mutex_lock(&lock);
		await(0);
		full = 1;
		value = i;
		pthread_cond_broadcast(&changed);
		pthread_mutex_unlock(&lock);
	}
}

static void consume(void)
{
	for (int i = 0; i < RACE_ROUNDS; i++) {
		pthread_mutex_lock(&lock);
		await(1);
		full = 0;
		race_use(value);
		pthread_cond_broadcast(&changed);
		pthread_mutex_unlock(&lock);
	}
}

int main(void)
{
	race_run(produce, consume);
	return race_end();
}
