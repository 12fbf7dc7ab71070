/* Two threads take two mutexes in opposite orders. */
#include <pthread.h>

#include "support/hang.h"

static pthread_mutex_t accounts = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t journal = PTHREAD_MUTEX_INITIALIZER;

static void *audit(void *unused)
{
	pthread_mutex_t *first = hang_fixed ? &accounts : &journal;
	pthread_mutex_t *second = hang_fixed ? &journal : &accounts;

	(void)unused;
	pthread_mutex_lock(first);
	hang_step(1);
	hang_await(0, 1);
	hang_sleep();
	pthread_mutex_lock(second);
	pthread_mutex_unlock(second);
	pthread_mutex_unlock(first);
	return NULL;
}

static void transfer(void)
{
	pthread_mutex_lock(&accounts);
	hang_step(0);
	hang_await(1, 1);
	hang_last(1);
	pthread_mutex_lock(&journal);
	pthread_mutex_unlock(&journal);
	pthread_mutex_unlock(&accounts);
}

int main(int argc, char **argv)
{
	pthread_t auditor;

	hang_begin(argc, argv);
	pthread_create(&auditor, NULL, audit, NULL);
	transfer();
	return pthread_join(auditor, NULL);
}
