/*
 * A writer's lock is given back by the thread that it was taken for. A read-write lock is given
 * back by who took it.
 *
 * expect: rwlock-misuse table unlock_table write_table error
 */
#include <pthread.h>

static pthread_rwlock_t table = PTHREAD_RWLOCK_INITIALIZER;

static void write_table(void)
{
	pthread_rwlock_wrlock(&table);
}

static void unlock_table(void)
{
	pthread_rwlock_unlock(&table);
}

static void *finish(void *unused)
{
	unlock_table();
	return unused;
}

int main(void)
{
	pthread_t thread;

	write_table();
	pthread_create(&thread, NULL, finish, NULL);
	return pthread_join(thread, NULL);
}
