/*
 * Readers that read at the same time, one of them twice, and give back in another order than they
 * came; then a writer that another thread's readers wait for.
 */
#include <pthread.h>

enum { READERS = 4 };

static pthread_rwlock_t table = PTHREAD_RWLOCK_INITIALIZER;
static pthread_barrier_t all_read;

static void *read_table(void *twice)
{
	pthread_rwlock_rdlock(&table);
	if (twice)
		pthread_rwlock_rdlock(&table);
	pthread_barrier_wait(&all_read);
	if (twice)
		pthread_rwlock_unlock(&table);
	pthread_rwlock_unlock(&table);
	pthread_rwlock_wrlock(&table);
	pthread_rwlock_unlock(&table);
	return NULL;
}

int main(void)
{
	pthread_t readers[READERS];

	pthread_barrier_init(&all_read, NULL, READERS);
	for (int i = 0; i < READERS; i++)
		pthread_create(&readers[i], NULL, read_table, i == 1 ? &table : NULL);
	for (int i = 0; i < READERS; i++)
		pthread_join(readers[i], NULL);
	return 0;
}
