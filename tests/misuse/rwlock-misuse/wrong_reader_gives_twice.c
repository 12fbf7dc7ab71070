/*
 * A reader gives back twice what it took once. glibc counts readers and does not know them: the
 * second time it is the other reader's hold that is gone, and a writer may come in beside it. The
 * other reader's own unlock is no second mistake.
 *
 * expect: rwlock-misuse table give_back_again read_table error
 */
#include <pthread.h>

static pthread_rwlock_t table = PTHREAD_RWLOCK_INITIALIZER;
static pthread_barrier_t step;

static void read_table(void)
{
	pthread_rwlock_rdlock(&table);
	pthread_barrier_wait(&step);
	pthread_barrier_wait(&step);
	pthread_rwlock_unlock(&table);
}

static void give_back_again(void)
{
	pthread_rwlock_unlock(&table);
}

static void *read_and_give_twice(void *unused)
{
	pthread_barrier_wait(&step);
	pthread_rwlock_rdlock(&table);
	pthread_rwlock_unlock(&table);
	give_back_again();
	pthread_barrier_wait(&step);
	return unused;
}

int main(void)
{
	pthread_t other;

	pthread_barrier_init(&step, NULL, 2);
	pthread_create(&other, NULL, read_and_give_twice, NULL);
	read_table();
	return pthread_join(other, NULL);
}
