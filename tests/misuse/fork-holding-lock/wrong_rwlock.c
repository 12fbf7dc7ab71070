/*
 * A thread reads under a read-write lock while main forks: in the child the lock has a reader for
 * ever, and no writer gets in. The child tries, and goes on without: that it did not hang is luck
 * of its writer, not of the lock.
 *
 * expect: fork-holding-lock table_lock write_in_child read_it main warning
 */
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

static pthread_rwlock_t table_lock = PTHREAD_RWLOCK_INITIALIZER;
static pthread_barrier_t held, forked;

static void *read_it(void *unused)
{
	pthread_rwlock_rdlock(&table_lock);
	pthread_barrier_wait(&held);
	pthread_barrier_wait(&forked);
	pthread_rwlock_unlock(&table_lock);
	return unused;
}

static void write_in_child(void)
{
	if (pthread_rwlock_trywrlock(&table_lock) == 0)
		pthread_rwlock_unlock(&table_lock);
}

int main(void)
{
	pthread_t thread;
	pid_t child;

	pthread_barrier_init(&held, NULL, 2);
	pthread_barrier_init(&forked, NULL, 2);
	pthread_create(&thread, NULL, read_it, NULL);
	pthread_barrier_wait(&held);
	child = fork();
	if (child == 0) {
		write_in_child();
		_exit(0);
	}
	pthread_barrier_wait(&forked);
	pthread_join(thread, NULL);
	waitpid(child, NULL, 0);
	pthread_barrier_destroy(&held);
	pthread_barrier_destroy(&forked);
	return 0;
}
