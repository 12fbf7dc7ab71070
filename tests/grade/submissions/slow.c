/* Has much time. */
#include <poll.h>
#include <pthread.h>
#include <stdio.h>

static void *work(void *unused)
{
	poll(NULL, 0, 60 * 1000);
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
