/* Right: one thread hands a value to another. */
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t filled = PTHREAD_COND_INITIALIZER;
static int value;

static void *work(void *unused)
{
	pthread_mutex_lock(&lock);
	value = 7;
	pthread_cond_signal(&filled);
	pthread_mutex_unlock(&lock);
	return unused;
}

int main(void)
{
	pthread_t thread;

	pthread_create(&thread, NULL, work, NULL);
	pthread_mutex_lock(&lock);
	while (!value)
		pthread_cond_wait(&filled, &lock);
	pthread_mutex_unlock(&lock);
	pthread_join(thread, NULL);
	puts("done");
	return 0;
}
