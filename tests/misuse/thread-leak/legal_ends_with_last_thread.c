/*
 * main ends by pthread_exit, and the process with its last thread: nobody is left who could join
 * that, and nothing goes on that could miss its stack.
 */
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

/* main's state is Z once it has ended, as long as others run. */
static void wait_for_end_of_main(void)
{
	char path[64], state = 'R';

	snprintf(path, sizeof(path), "/proc/self/task/%d/stat", (int)getpid());
	while (state != 'Z') {
		FILE *stat = fopen(path, "r");

		if (!stat || fscanf(stat, "%*d (%*[^)]) %c", &state) != 1)
			state = 'Z';
		if (stat)
			fclose(stat);
		sched_yield();
	}
}

static void *work(void *arg)
{
	wait_for_end_of_main();
	return arg;
}

int main(void)
{
	pthread_t thread;

	pthread_create(&thread, NULL, work, NULL);
	pthread_exit(NULL);
}
