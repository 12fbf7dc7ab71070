/*
 * Who reads may ask whether it could write at once, by the variants that never wait or wait only
 * until a time; it is told no, and reads on, or gives back and asks again.
 */
#include <errno.h>
#include <pthread.h>
#include <time.h>

static pthread_rwlock_t table = PTHREAD_RWLOCK_INITIALIZER;

static int upgrade(void)
{
	struct timespec past = {0};

	if (pthread_rwlock_trywrlock(&table) == 0 || pthread_rwlock_timedwrlock(&table, &past) == 0)
		return 1;
	pthread_rwlock_unlock(&table);
	pthread_rwlock_wrlock(&table);
	return 0;
}

int main(void)
{
	pthread_rwlock_rdlock(&table);
	if (upgrade() || pthread_rwlock_tryrdlock(&table) != EBUSY ||
	    pthread_rwlock_trywrlock(&table) != EBUSY)
		return 1;
	pthread_rwlock_unlock(&table);
	return pthread_rwlock_destroy(&table);
}
