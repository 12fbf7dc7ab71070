/* A thread is cancelled in a read() while it holds a mutex; the twin has a cleanup handler. */
#include <pthread.h>
#include <unistd.h>

#include "support/hang.h"

static pthread_mutex_t buffer = PTHREAD_MUTEX_INITIALIZER;
static int never[2]; /* a pipe that nobody writes to */
static char byte;

static void unlock(void *arg)
{
	pthread_mutex_unlock(arg);
}

static void *fill(void *unused)
{
	(void)unused;
	pthread_mutex_lock(&buffer);
	hang_step(0);
	if (hang_fixed) {
		pthread_cleanup_push(unlock, &buffer);
		while (read(never[0], &byte, 1) < 0)
			;
		pthread_cleanup_pop(1);
	} else {
		while (read(never[0], &byte, 1) < 0)
			;
		pthread_mutex_unlock(&buffer);
	}
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t filler;

	hang_begin(argc, argv);
	if (pipe(never) != 0)
		return 1;
	pthread_create(&filler, NULL, fill, NULL);
	hang_await(0, 1);
	pthread_cancel(filler);
	pthread_join(filler, NULL);
	hang_last(0);
	pthread_mutex_lock(&buffer);
	return pthread_mutex_unlock(&buffer);
}
