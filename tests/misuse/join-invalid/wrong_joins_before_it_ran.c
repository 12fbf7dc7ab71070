/*
 * A thread is detached, and joined after that. The process may end before the thread's first
 * instruction: nothing tells its number then, but the pthread_t can mean no other.
 *
 * expect: join-invalid - join_it detach_it error
 */
#include <errno.h>
#include <pthread.h>

static void *work(void *arg)
{
	return arg;
}

static void detach_it(pthread_t thread)
{
	pthread_detach(thread);
}

static int join_it(pthread_t thread)
{
	return pthread_join(thread, NULL);
}

int main(void)
{
	pthread_t thread;

	pthread_create(&thread, NULL, work, NULL);
	detach_it(thread);
	return join_it(thread) == EINVAL ? 0 : 1;
}
