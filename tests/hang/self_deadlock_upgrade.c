/* Reads a table under the read lock and, to correct it, asks for the write lock as well. */
#include <pthread.h>

#include "support/hang.h"

static pthread_rwlock_t table = PTHREAD_RWLOCK_INITIALIZER;

static void *correct(void *unused)
{
	(void)unused;
	pthread_rwlock_rdlock(&table);
	if (hang_fixed)
		pthread_rwlock_unlock(&table);
	hang_last(1);
	pthread_rwlock_wrlock(&table);
	pthread_rwlock_unlock(&table);
	if (!hang_fixed)
		pthread_rwlock_unlock(&table);
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t thread;

	hang_begin(argc, argv);
	pthread_create(&thread, NULL, correct, NULL);
	hang_sleep();
	return pthread_join(thread, NULL);
}
