/*
 * A thread for each request, which nobody joins or detaches: each that ended keeps its stack, until
 * there is no room for the next one.
 *
 * expect: thread-leak - start_request warning
 */
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <unistd.h>

static atomic_int worker;

static void *serve(void *arg)
{
	atomic_store(&worker, (int)syscall(SYS_gettid));
	return arg;
}

static void start_request(void)
{
	pthread_t thread;

	atomic_store(&worker, 0);
	pthread_create(&thread, NULL, serve, NULL);
}

/* Until the kernel knows the thread no more. */
static void wait_for_its_end(void)
{
	while (!atomic_load(&worker))
		sched_yield();
	while (syscall(SYS_tgkill, getpid(), atomic_load(&worker), 0) == 0)
		sched_yield();
}

int main(void)
{
	for (int i = 0; i < 3; i++) {
		start_request();
		wait_for_its_end();
	}
	return 0;
}
