/*
 * Legal: a library asked for process-shared locks wherever its pool may lie. This pool lies in
 * private memory: after the fork each process has its own, for its own threads.
 */
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

static pthread_mutex_t pool;

static void *use_pool(void *unused)
{
	pthread_mutex_lock(&pool);
	pthread_mutex_unlock(&pool);
	return unused;
}

static void work(void)
{
	pthread_t threads[2];

	for (int i = 0; i < 2; i++)
		pthread_create(&threads[i], NULL, use_pool, NULL);
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
}

int main(void)
{
	pthread_mutexattr_t attr;
	pid_t child;

	pthread_mutexattr_init(&attr);
	pthread_mutexattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
	pthread_mutex_init(&pool, &attr);
	pthread_mutexattr_destroy(&attr);
	child = fork();
	work();
	if (child == 0)
		_exit(0);
	waitpid(child, NULL, 0);
	pthread_mutex_destroy(&pool);
	return 0;
}
