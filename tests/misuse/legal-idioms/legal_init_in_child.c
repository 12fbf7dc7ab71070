/*
 * A child of fork initialises what it inherited, as interpreters do: locks that other threads of
 * the parent held, a condition variable and a semaphore at which they waited. Those are copies, and
 * whoever held or waited is not there. It destroys them, too, and uses locks nobody held.
 */
#include <pthread.h>
#include <semaphore.h>
#include <sys/wait.h>
#include <unistd.h>

static pthread_mutex_t held, waiting, idle = PTHREAD_MUTEX_INITIALIZER;
static pthread_rwlock_t table;
static pthread_cond_t changed;
static sem_t posted;
static pthread_barrier_t ready, forked;
static int stop;

static void init_all(void)
{
	pthread_mutex_init(&held, NULL);
	pthread_mutex_init(&waiting, NULL);
	pthread_rwlock_init(&table, NULL);
	pthread_cond_init(&changed, NULL);
	sem_init(&posted, 0, 0);
}

static void *hold(void *unused)
{
	pthread_mutex_lock(&held);
	pthread_rwlock_wrlock(&table);
	pthread_barrier_wait(&ready);
	pthread_barrier_wait(&forked);
	pthread_rwlock_unlock(&table);
	pthread_mutex_unlock(&held);
	return unused;
}

static void *wait_for_change(void *unused)
{
	pthread_mutex_lock(&waiting);
	pthread_barrier_wait(&ready);
	while (!stop)
		pthread_cond_wait(&changed, &waiting);
	pthread_mutex_unlock(&waiting);
	sem_wait(&posted);
	return unused;
}

static void child(void)
{
	pthread_mutex_lock(&idle);
	pthread_mutex_unlock(&idle);
	init_all();
	pthread_mutex_lock(&held);
	pthread_rwlock_rdlock(&table);
	pthread_cond_broadcast(&changed);
	sem_post(&posted);
	sem_wait(&posted);
	pthread_rwlock_unlock(&table);
	pthread_mutex_unlock(&held);
	pthread_mutex_destroy(&held);
	pthread_mutex_destroy(&waiting);
	pthread_rwlock_destroy(&table);
	pthread_cond_destroy(&changed);
	sem_destroy(&posted);
	_exit(0);
}

int main(void)
{
	pthread_t holder, waiter;
	int status = 1;

	init_all();
	pthread_barrier_init(&ready, NULL, 3);
	pthread_barrier_init(&forked, NULL, 2);
	pthread_create(&holder, NULL, hold, NULL);
	pthread_create(&waiter, NULL, wait_for_change, NULL);
	pthread_barrier_wait(&ready);
	pthread_mutex_lock(&waiting); /* now the waiter waits */
	pthread_mutex_unlock(&waiting);
	pid_t pid = fork();
	if (pid == 0)
		child();
	waitpid(pid, &status, 0);
	pthread_barrier_wait(&forked);
	pthread_mutex_lock(&waiting);
	stop = 1;
	pthread_cond_signal(&changed);
	pthread_mutex_unlock(&waiting);
	sem_post(&posted);
	pthread_join(holder, NULL);
	pthread_join(waiter, NULL);
	return status;
}
