/* 200 threads over 50 locks. 50 of them hold one lock each; threads 10, 20 and 30 wait in a circle,
 * all others for a lock whose holder waits for that circle, however long the way. */
#include <pthread.h>

#include "support/hang.h"

enum { THREADS = 200, LOCKS = 50 };

static pthread_mutex_t locks[LOCKS];
static int numbers[THREADS];

static int wanted(int own)
{
	if (own == 10 || own == 20)
		return own + 10;
	return own == 30 || own == LOCKS - 1 ? 10 : own + 1;
}

static void hold_and_want(int own)
{
	int other = wanted(own);
	int first = hang_fixed && other < own ? other : own, second = own + other - first;

	pthread_mutex_lock(&locks[first]);
	hang_step(0);
	hang_await(0, LOCKS);
	if (own == 10)
		hang_last(THREADS); /* all others and main */
	else
		hang_sleep();
	pthread_mutex_lock(&locks[second]);
	pthread_mutex_unlock(&locks[second]);
	pthread_mutex_unlock(&locks[first]);
}

static void *work(void *arg)
{
	int number = *(int *)arg;

	if (number < LOCKS) {
		hold_and_want(number);
		return NULL;
	}
	hang_await(0, LOCKS);
	hang_sleep();
	pthread_mutex_lock(&locks[number % LOCKS]);
	pthread_mutex_unlock(&locks[number % LOCKS]);
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t threads[THREADS];

	hang_begin(argc, argv);
	for (int i = 0; i < LOCKS; i++)
		pthread_mutex_init(&locks[i], NULL);
	for (int i = 0; i < THREADS; i++) {
		numbers[i] = i;
		pthread_create(&threads[i], NULL, work, &numbers[i]);
	}
	hang_sleep();
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	return 0;
}
