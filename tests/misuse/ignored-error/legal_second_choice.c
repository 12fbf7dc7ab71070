/*
 * Legal: what cannot be had as wished is had otherwise. The barrier that was refused is initialised
 * again; the thread with a large stack is created with a small one, and only then joined.
 */
#include <pthread.h>

static pthread_barrier_t meet;

static void *work(void *unused)
{
	pthread_barrier_wait(&meet);
	return unused;
}

static void *hurry(void *unused)
{
	return unused;
}

int main(void)
{
	pthread_attr_t large;
	pthread_t worker, other;

	if (pthread_barrier_init(&meet, NULL, 0) && pthread_barrier_init(&meet, NULL, 2))
		return 1;
	pthread_attr_init(&large);
	pthread_attr_setstacksize(&large, (size_t)1 << 50);
	if (pthread_create(&worker, &large, work, NULL) &&
	    pthread_create(&worker, NULL, work, NULL))
		return 1;
	pthread_attr_destroy(&large);
	if (pthread_create(&other, NULL, hurry, NULL))
		return 1;
	pthread_join(other, NULL); /* at once, perhaps before it has begun to run */
	pthread_barrier_wait(&meet);
	pthread_join(worker, NULL);
	pthread_barrier_destroy(&meet);
	return 0;
}
