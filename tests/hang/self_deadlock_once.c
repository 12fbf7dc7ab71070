/* An initialisation asks for itself; in the twin for another one, that is over. */
#include <pthread.h>

#include "support/hang.h"

static pthread_once_t settings = PTHREAD_ONCE_INIT, defaults = PTHREAD_ONCE_INIT;

static void read_defaults(void)
{
}

static void read_settings(void)
{
	hang_last(1);
	if (hang_fixed)
		pthread_once(&defaults, read_defaults);
	else
		pthread_once(&settings, read_settings);
}

static void *work(void *unused)
{
	(void)unused;
	pthread_once(&settings, read_settings);
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t worker;

	hang_begin(argc, argv);
	pthread_create(&worker, NULL, work, NULL);
	hang_sleep();
	pthread_join(worker, NULL);
	return 0;
}
