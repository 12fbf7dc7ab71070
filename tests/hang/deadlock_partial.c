/* Two threads of a service are deadlocked; main goes on for some seconds and ends by itself. */
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "support/hang.h"

static pthread_mutex_t users = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t sessions = PTHREAD_MUTEX_INITIALIZER;

static void take(pthread_mutex_t *first, pthread_mutex_t *second, bool last)
{
	pthread_mutex_lock(first);
	hang_step(0);
	hang_await(0, 2);
	if (last)
		hang_last(1);
	else
		hang_sleep();
	pthread_mutex_lock(second);
	pthread_mutex_unlock(second);
	pthread_mutex_unlock(first);
}

static void *log_in(void *unused)
{
	(void)unused;
	take(&users, &sessions, false);
	return NULL;
}

static void *log_out(void *unused)
{
	(void)unused;
	if (hang_fixed)
		take(&users, &sessions, true);
	else
		take(&sessions, &users, true);
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t in, out;

	hang_begin(argc, argv);
	pthread_create(&in, NULL, log_in, NULL);
	pthread_create(&out, NULL, log_out, NULL);
	pthread_detach(in);
	pthread_detach(out);
	for (int i = 0; i < 60; i++)
		nanosleep(&(struct timespec){.tv_nsec = 50 * 1000 * 1000}, NULL);
	exit(0);
}
