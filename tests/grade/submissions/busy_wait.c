/* Turns until it has used 0.4 s of the processor. */
#include <pthread.h>
#include <stdio.h>
#include <time.h>

static void *work(void *unused)
{
	while (clock() < CLOCKS_PER_SEC * 2 / 5)
		;
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
