/* As it is unloaded it creates a thread. */
#include <pthread.h>

static long worked;

static void *work(void *unused)
{
	worked++;
	return unused;
}

static __attribute__((destructor)) void end(void)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, work, NULL) == 0)
		pthread_join(thread, NULL);
}
