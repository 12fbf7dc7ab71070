/* A recursive mutex: only its last unlock lets others in. */
#include "race.h"

long depth_sum;
pthread_mutex_t lock;

static void descend(int depth)
{
	pthread_mutex_lock(&lock);
	depth_sum += depth;
	if (depth > 0)
		descend(depth - 1);
	depth_sum -= depth;
	pthread_mutex_unlock(&lock);
}

static void work(void)
{
	for (int i = 0; i < RACE_ROUNDS; i++)
		descend(4);
}

int main(void)
{
	pthread_mutexattr_t attributes;

	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE);
	pthread_mutex_init(&lock, &attributes);
	pthread_mutexattr_destroy(&attributes);
	race_run(work, work);
	race_use(depth_sum);
	pthread_mutex_destroy(&lock);
	return race_end();
}
