/* Two modules initialise themselves once, each by using the other. */
#include <pthread.h>

#include "support/hang.h"

static pthread_once_t network = PTHREAD_ONCE_INIT, settings = PTHREAD_ONCE_INIT;

static void nothing(void)
{
}

static void start_network(void)
{
	hang_step(0);
	hang_await(0, 2);
	hang_last(1);
	pthread_once(&settings, nothing);
}

static void start_settings(void)
{
	hang_step(0);
	hang_await(0, 2);
	hang_sleep();
	if (!hang_fixed)
		pthread_once(&network, nothing);
}

static void *use_settings(void *unused)
{
	(void)unused;
	pthread_once(&settings, start_settings);
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t thread;

	hang_begin(argc, argv);
	pthread_create(&thread, NULL, use_settings, NULL);
	pthread_once(&network, start_network);
	return pthread_join(thread, NULL);
}
