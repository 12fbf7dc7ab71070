/* Two locks in two orders, but the second thread comes much later: these runs end well. */
#include <poll.h>
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t locks[2] = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER};

static void *work(void *late)
{
	int first = late != NULL;

	if (late)
		poll(NULL, 0, 300);
	pthread_mutex_lock(&locks[first]);
	pthread_mutex_lock(&locks[!first]);
	pthread_mutex_unlock(&locks[!first]);
	pthread_mutex_unlock(&locks[first]);
	return late;
}

int main(void)
{
	pthread_t threads[2];

	pthread_create(&threads[0], NULL, work, NULL);
	pthread_create(&threads[1], NULL, work, locks);
	pthread_join(threads[0], NULL);
	pthread_join(threads[1], NULL);
	puts("done");
	return 0;
}
