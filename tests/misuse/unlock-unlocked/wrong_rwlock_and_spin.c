/*
 * A read-write lock and a spin lock, unlocked twice each. glibc counts the readers of the one below
 * zero: from then on nobody gets it. The other is free, as it was.
 *
 * expect: unlock-unlocked table unlock_table_again unlock_table error
 * expect: unlock-unlocked counter unlock_counter_again unlock_counter error
 */
#include <pthread.h>

static pthread_rwlock_t table = PTHREAD_RWLOCK_INITIALIZER;
static pthread_spinlock_t counter;

static void unlock_table(void)
{
	pthread_rwlock_unlock(&table);
}

static void unlock_table_again(void)
{
	pthread_rwlock_unlock(&table);
}

static void unlock_counter(void)
{
	pthread_spin_unlock(&counter);
}

static void unlock_counter_again(void)
{
	pthread_spin_unlock(&counter);
}

int main(void)
{
	pthread_spin_init(&counter, PTHREAD_PROCESS_PRIVATE);
	pthread_spin_lock(&counter);
	unlock_counter();
	unlock_counter_again();
	pthread_rwlock_rdlock(&table);
	unlock_table();
	unlock_table_again();
	return 0;
}
