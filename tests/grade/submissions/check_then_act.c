/* Looks under the lock, gives it back, and acts under it later. */
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int stock = 10;

static void *work(void *unused)
{
	int seen;

	for (int i = 0; i < 3; i++) {
		pthread_mutex_lock(&lock);
		seen = stock;
		pthread_mutex_unlock(&lock);
		if (seen > 0) {
			pthread_mutex_lock(&lock);
			stock = seen - 1;
			pthread_mutex_unlock(&lock);
		}
	}
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
