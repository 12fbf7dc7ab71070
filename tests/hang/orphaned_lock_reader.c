/* A reader ends without giving back its read lock; other readers do not mind, the writer does. */
#include <pthread.h>

#include "support/hang.h"

static pthread_rwlock_t routes = PTHREAD_RWLOCK_INITIALIZER;

static void *look_up(void *keep)
{
	pthread_rwlock_rdlock(&routes);
	if (!keep)
		pthread_rwlock_unlock(&routes);
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t reader;

	hang_begin(argc, argv);
	for (int i = 0; i < 3; i++) {
		pthread_create(&reader, NULL, look_up, i == 1 && !hang_fixed ? &routes : NULL);
		pthread_join(reader, NULL);
	}
	hang_last(0);
	pthread_rwlock_wrlock(&routes);
	return pthread_rwlock_unlock(&routes);
}
