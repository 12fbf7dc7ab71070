/*
 * A reader that ends without unlocking keeps writers out, not other readers. A spin lock is kept
 * as well.
 *
 * expect: exit-holding-lock table read_it write_it start_reader error
 * expect: exit-holding-lock spin spin_on_it start_reader warning
 */
#include <pthread.h>
#include <stdio.h>

static pthread_rwlock_t table = PTHREAD_RWLOCK_INITIALIZER;
static pthread_spinlock_t spin;

static void read_it(void)
{
	pthread_rwlock_rdlock(&table);
}

static void spin_on_it(void)
{
	pthread_spin_lock(&spin);
}

static void *work(void *arg)
{
	read_it();
	spin_on_it();
	return arg;
}

static void start_reader(pthread_t *thread)
{
	pthread_create(thread, NULL, work, NULL);
}

static void write_it(void)
{
	if (pthread_rwlock_trywrlock(&table))
		puts("busy");
	else
		pthread_rwlock_unlock(&table);
}

int main(void)
{
	pthread_t thread;

	pthread_spin_init(&spin, PTHREAD_PROCESS_PRIVATE);
	start_reader(&thread);
	pthread_join(thread, NULL);
	pthread_rwlock_rdlock(&table);
	pthread_rwlock_unlock(&table);
	write_it();
	return 0;
}
