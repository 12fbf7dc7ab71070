/* Uses little memory itself; what is known of its locks takes more. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

enum { COUNT = 200000 };

static pthread_mutex_t *mutexes;

static void *work(void *unused)
{
	for (int i = 0; i < COUNT; i++) {
		pthread_mutex_lock(&mutexes[i]);
		pthread_mutex_unlock(&mutexes[i]);
	}
	return unused;
}

int main(void)
{
	pthread_t thread;

	mutexes = calloc(COUNT, sizeof(*mutexes));
	if (!mutexes)
		return 1;
	for (int i = 0; i < COUNT; i++)
		pthread_mutex_init(&mutexes[i], NULL);
	pthread_create(&thread, NULL, work, NULL);
	pthread_join(thread, NULL);
	puts("done");
	return 0;
}
