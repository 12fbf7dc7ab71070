/*
 * The last thing that the program waits for is the end of a thread, but not by joining it. What the
 * thread keeps is given back with the process, right after: a note.
 *
 * expect: thread-leak - start_worker note
 */
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <unistd.h>

static atomic_int worker;

static void *work(void *arg)
{
	atomic_store(&worker, (int)syscall(SYS_gettid));
	return arg;
}

static void start_worker(void)
{
	pthread_t thread;

	pthread_create(&thread, NULL, work, NULL);
}

int main(void)
{
	start_worker();
	while (!atomic_load(&worker))
		sched_yield();
	while (syscall(SYS_tgkill, getpid(), atomic_load(&worker), 0) == 0)
		sched_yield();
	return 0;
}
