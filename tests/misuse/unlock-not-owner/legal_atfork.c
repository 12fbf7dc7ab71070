/*
 * Handlers of fork take the locks before it and give them back after it, in the child as well: its
 * one thread is a copy of the one that took them.
 */
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

static pthread_mutex_t table = PTHREAD_MUTEX_INITIALIZER;
static pthread_rwlock_t names = PTHREAD_RWLOCK_INITIALIZER;
static pthread_spinlock_t counter;
static pthread_barrier_t step;

static void lock_all(void)
{
	pthread_mutex_lock(&table);
	pthread_rwlock_rdlock(&names);
	pthread_spin_lock(&counter);
}

static void unlock_all(void)
{
	pthread_spin_unlock(&counter);
	pthread_rwlock_unlock(&names);
	pthread_mutex_unlock(&table);
}

static void use_all(void)
{
	lock_all();
	unlock_all();
}

static void *work(void *unused)
{
	pthread_barrier_wait(&step);
	use_all();
	return unused;
}

int main(void)
{
	pthread_t worker;
	pid_t child;

	pthread_spin_init(&counter, PTHREAD_PROCESS_PRIVATE);
	pthread_barrier_init(&step, NULL, 2);
	pthread_atfork(lock_all, unlock_all, unlock_all);
	pthread_create(&worker, NULL, work, NULL);
	pthread_barrier_wait(&step);
	for (int i = 0; i < 10; i++) {
		child = fork();
		if (child == 0) {
			use_all();
			_exit(0);
		}
		waitpid(child, NULL, 0);
	}
	return pthread_join(worker, NULL);
}
