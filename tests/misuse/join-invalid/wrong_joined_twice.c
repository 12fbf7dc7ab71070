/*
 * What joins all workers is called twice. The second time the thread may be gone, or another one.
 *
 * expect: join-invalid - join_again join_first start_worker error
 */
#include <pthread.h>

static void *work(void *arg)
{
	return arg;
}

static void start_worker(pthread_t *thread)
{
	pthread_create(thread, NULL, work, NULL);
}

static void join_first(pthread_t thread)
{
	pthread_join(thread, NULL);
}

static void join_again(pthread_t thread)
{
	pthread_join(thread, NULL);
}

int main(void)
{
	pthread_t thread;

	start_worker(&thread);
	join_first(thread);
	join_again(thread);
	return 0;
}
