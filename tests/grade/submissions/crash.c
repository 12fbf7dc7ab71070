/* Writes to nowhere. */
#include <pthread.h>
#include <stdio.h>

static void *work(void *unused)
{
	*(volatile int *)unused = 1;
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
