/*
 * The first thread writes within a section of a lock, the second after one. That both write at once
 * takes the second section before the first: the other way round than in the recorded run, which
 * the pause makes likely (see predicted_lock.c).
 */
#include "race.h"

int value;
pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void inside(void)
{
	pthread_mutex_lock(&lock);
	value = 1;
	pthread_mutex_unlock(&lock);
}

static void behind(void)
{
	race_pause();
	pthread_mutex_lock(&lock);
#ifdef FIXED
	value = 2;
#endif
	pthread_mutex_unlock(&lock);
#ifndef FIXED
	value = 2;
#endif
}

int main(void)
{
	race_run(inside, behind);
	race_use(value);
	return race_end();
}
