/*
 * Legal: a thread holds locks while main forks, and the children know better than to ask for them:
 * one runs another program, one keeps to what is safe after a fork, one initialises the lock anew,
 * one assigns the initialiser anew, and one reads where a reader was.
 */
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_rwlock_t table_lock = PTHREAD_RWLOCK_INITIALIZER;
static pthread_barrier_t held, forked;

static void *hold_them(void *unused)
{
	pthread_mutex_lock(&lock);
	pthread_rwlock_rdlock(&table_lock);
	pthread_barrier_wait(&held);
	pthread_barrier_wait(&forked);
	pthread_rwlock_unlock(&table_lock);
	pthread_mutex_unlock(&lock);
	return unused;
}

static void run_child(int number)
{
	switch (number) {
	case 0:
		execl("/bin/true", "true", (char *)NULL);
		break;
	case 1:
		(void)!write(STDERR_FILENO, "", 0);
		break;
	case 2:
		pthread_mutex_init(&lock, NULL);
		pthread_mutex_lock(&lock);
		pthread_mutex_unlock(&lock);
		break;
	case 3:
		lock = (pthread_mutex_t)PTHREAD_MUTEX_INITIALIZER;
		pthread_mutex_lock(&lock);
		pthread_mutex_unlock(&lock);
		break;
	default:
		pthread_rwlock_rdlock(&table_lock);
		pthread_rwlock_unlock(&table_lock);
		break;
	}
	_exit(0);
}

int main(void)
{
	pthread_t thread;

	pthread_barrier_init(&held, NULL, 2);
	pthread_barrier_init(&forked, NULL, 2);
	pthread_create(&thread, NULL, hold_them, NULL);
	pthread_barrier_wait(&held);
	for (int i = 0; i < 5; i++)
		if (fork() == 0)
			run_child(i);
	pthread_barrier_wait(&forked);
	pthread_join(thread, NULL);
	for (int i = 0; i < 5; i++)
		wait(NULL);
	pthread_barrier_destroy(&held);
	pthread_barrier_destroy(&forked);
	return 0;
}
