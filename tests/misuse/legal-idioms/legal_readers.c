/*
 * Many readers at once, one of them twice; writers between them; and tries that fail.
 */
#include <errno.h>
#include <pthread.h>

#define READERS 4

static pthread_rwlock_t rwlock;
static pthread_barrier_t all_read;
static int value;

static void *reader(void *failed)
{
	pthread_rwlock_rdlock(&rwlock);
	pthread_barrier_wait(&all_read);
	pthread_rwlock_rdlock(&rwlock);
	if (pthread_rwlock_trywrlock(&rwlock) != EBUSY)
		*(int *)failed = 1;
	pthread_rwlock_unlock(&rwlock);
	pthread_barrier_wait(&all_read);
	pthread_rwlock_unlock(&rwlock);
	for (int i = 0; i < 20; i++) {
		pthread_rwlock_wrlock(&rwlock);
		value++;
		if (pthread_rwlock_tryrdlock(&rwlock) != EBUSY)
			*(int *)failed = 1;
		pthread_rwlock_unlock(&rwlock);
	}
	return NULL;
}

int main(void)
{
	pthread_t threads[READERS];
	int failed = 0;

	pthread_rwlock_init(&rwlock, NULL);
	pthread_barrier_init(&all_read, NULL, READERS);
	for (int i = 0; i < READERS; i++)
		pthread_create(&threads[i], NULL, reader, &failed);
	for (int i = 0; i < READERS; i++)
		pthread_join(threads[i], NULL);
	pthread_barrier_destroy(&all_read);
	pthread_rwlock_destroy(&rwlock);
	return failed;
}
