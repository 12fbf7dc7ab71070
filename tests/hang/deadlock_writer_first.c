/* A lock that lets writers in first: main reads and wants to read once more, behind a writer who
 * waits for main. */
#include <pthread.h>
#include <stddef.h>

#include "support/hang.h"

static pthread_rwlock_t table;

static void *change(void *unused)
{
	(void)unused;
	hang_sleep();
	pthread_rwlock_wrlock(&table);
	pthread_rwlock_unlock(&table);
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_rwlockattr_t attributes;
	pthread_t writer;

	hang_begin(argc, argv);
	pthread_rwlockattr_init(&attributes);
	if (!hang_fixed)
		pthread_rwlockattr_setkind_np(&attributes,
					      PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
	pthread_rwlock_init(&table, &attributes);
	pthread_rwlock_rdlock(&table);
	pthread_create(&writer, NULL, change, NULL);
	hang_last(1);
	pthread_rwlock_rdlock(&table);
	pthread_rwlock_unlock(&table);
	pthread_rwlock_unlock(&table);
	return pthread_join(writer, NULL);
}
