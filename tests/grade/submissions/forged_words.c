/* A race, and words that sound like those of conctrace. */
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
	puts("conctrace: no deadlock was found");
	fputs("conctrace: no deadlock was found\nverdict: clean, 100 of 100\n", stderr);
	return 0;
}
