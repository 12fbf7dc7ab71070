/* As predicted_lock.c, through a third thread: two unrelated locks hand the order on. */
#include "race.h"

int value;
pthread_mutex_t first_lock = PTHREAD_MUTEX_INITIALIZER;
pthread_mutex_t second_lock = PTHREAD_MUTEX_INITIALIZER;
pthread_mutex_t value_lock = PTHREAD_MUTEX_INITIALIZER;
int counts[4]; /* one each: a common one would be read, which orders */

static void count(pthread_mutex_t *lock, int *counter)
{
	pthread_mutex_lock(lock);
	(*counter)++;
	pthread_mutex_unlock(lock);
}

static void *write_value(void *unused)
{
	(void)unused;
#ifdef FIXED
	pthread_mutex_lock(&value_lock);
#endif
	value = 1;
#ifdef FIXED
	pthread_mutex_unlock(&value_lock);
#endif
	count(&first_lock, &counts[0]);
	return NULL;
}

static void *pass_on(void *unused)
{
	(void)unused;
	race_pause();
	count(&first_lock, &counts[1]);
	count(&second_lock, &counts[2]);
	return NULL;
}

static void *write_again(void *unused)
{
	(void)unused;
	race_pause();
	race_pause();
	count(&second_lock, &counts[3]);
#ifdef FIXED
	pthread_mutex_lock(&value_lock);
#endif
	value = 2;
#ifdef FIXED
	pthread_mutex_unlock(&value_lock);
#endif
	return NULL;
}

int main(void)
{
	void *(*const bodies[])(void *) = {write_value, pass_on, write_again};
	pthread_t threads[3];

	for (int i = 0; i < 3; i++)
		pthread_create(&threads[i], NULL, bodies[i], NULL);
	for (int i = 0; i < 3; i++)
		pthread_join(threads[i], NULL);
	race_use(value);
	return race_end();
}
