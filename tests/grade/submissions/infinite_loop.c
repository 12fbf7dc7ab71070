/* Never ends, and waits for nobody. */
#include <pthread.h>
#include <stdio.h>

static volatile long turns;

static void *work(void *unused)
{
	for (;;)
		turns++;
	return unused;
}

int main(void)
{
	pthread_t thread;

	pthread_create(&thread, NULL, work, NULL);
	pthread_join(thread, NULL);
	puts("done");
	return 0;
}
