/*
 * pthread_exit in main while other threads go on; the last of them ends the program.
 */
#include <pthread.h>
#include <stdio.h>

static pthread_t main_thread;

static void *go_on(void *unused)
{
	pthread_join(main_thread, NULL);
	puts("main has ended");
	return unused;
}

int main(void)
{
	pthread_t thread;

	main_thread = pthread_self();
	pthread_create(&thread, NULL, go_on, NULL);
	pthread_detach(thread);
	pthread_exit(NULL);
}
