/* Right: the same with a semaphore. */
#include <pthread.h>
#include <stdio.h>
#include <semaphore.h>

static sem_t free_now;
static int sum;

static void *work(void *unused)
{
	for (int i = 0; i < 20; i++) {
		sem_wait(&free_now);
		sum++;
		sem_post(&free_now);
	}
	return unused;
}

int main(void)
{
	pthread_t threads[2];

	sem_init(&free_now, 0, 1);
	pthread_create(&threads[0], NULL, work, NULL);
	pthread_create(&threads[1], NULL, work, NULL);
	pthread_join(threads[0], NULL);
	pthread_join(threads[1], NULL);
	puts(sum == 40 ? "done" : "wrong");
	return 0;
}
