/*
 * A signal is sent to a thread that was joined, and it is cancelled: whose the pthread_t is by now
 * nobody knows.
 *
 * expect: join-invalid - call_it join_it start_worker error
 * expect: join-invalid - cancel_it join_it start_worker error
 */
#include <pthread.h>
#include <signal.h>

static void *work(void *arg)
{
	return arg;
}

static void start_worker(pthread_t *thread)
{
	pthread_create(thread, NULL, work, NULL);
}

static void join_it(pthread_t thread)
{
	pthread_join(thread, NULL);
}

static void call_it(pthread_t thread)
{
	pthread_kill(thread, SIGWINCH);
}

static void cancel_it(pthread_t thread)
{
	pthread_cancel(thread);
}

int main(void)
{
	pthread_t thread;

	start_worker(&thread);
	join_it(thread);
	call_it(thread);
	cancel_it(thread);
	return 0;
}
