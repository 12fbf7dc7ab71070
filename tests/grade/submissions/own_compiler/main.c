/* Nothing orders the two writes. */
#include <pthread.h>
#include <stdio.h>

static int shared;

static void *work(void *unused)
{
	shared++;
	return unused;
}

int main(void)
{
	pthread_t threads[2];

	pthread_create(&threads[0], NULL, work, NULL);
	pthread_create(&threads[1], NULL, work, NULL);
	pthread_join(threads[0], NULL);
	pthread_join(threads[1], NULL);
	puts("done");
	return 0;
}
