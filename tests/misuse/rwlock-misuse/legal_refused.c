/*
 * Who holds a read-write lock to write and asks for it again is refused (EDEADLK), looks at that,
 * and unlocks once.
 */
#include <errno.h>
#include <pthread.h>

static pthread_rwlock_t table = PTHREAD_RWLOCK_INITIALIZER;

static int write_one(void)
{
	int error = pthread_rwlock_wrlock(&table);

	if (error == 0)
		pthread_rwlock_unlock(&table);
	return error == 0 || error == EDEADLK ? 0 : error;
}

static int read_one(void)
{
	int error = pthread_rwlock_rdlock(&table);

	if (error == 0)
		pthread_rwlock_unlock(&table);
	return error == 0 || error == EDEADLK ? 0 : error;
}

int main(void)
{
	int error = write_one() | read_one();

	pthread_rwlock_wrlock(&table);
	error |= write_one() | read_one();
	pthread_rwlock_unlock(&table);
	return error;
}
