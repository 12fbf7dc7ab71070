/*
 * Threads that run as long as the process does need no join: the process takes them along. Nor do
 * those that a forked child never had, nor what a process leaves that another program takes over.
 */
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static atomic_int gone;

static void *serve_for_ever(void *arg)
{
	for (;;)
		pause();
	return arg;
}

static void *end_at_once(void *arg)
{
	atomic_store(&gone, (int)syscall(SYS_gettid));
	return arg;
}

static void run_another_program(void)
{
	pthread_t thread;

	pthread_create(&thread, NULL, end_at_once, NULL);
	while (!atomic_load(&gone))
		sched_yield();
	while (syscall(SYS_tgkill, getpid(), atomic_load(&gone), 0) == 0)
		sched_yield();
	execl("/bin/true", "true", (char *)NULL);
	abort();
}

int main(void)
{
	pthread_t thread;

	pthread_create(&thread, NULL, serve_for_ever, NULL);
	pthread_create(&thread, NULL, serve_for_ever, NULL);
	if (fork() == 0)
		_exit(0);
	wait(NULL);
	if (fork() == 0)
		run_another_program();
	wait(NULL);
	return 0;
}
