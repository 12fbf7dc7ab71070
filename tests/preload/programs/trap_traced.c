/* Starts children as a debugger does, with threads at work beside: a child's only stop is its exec.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

static long shared[2];
static atomic_bool done;

static void *work(void *unused)
{
	while (!atomic_load(&done))
		shared[0] = shared[1] + 1;
	return unused;
}

int main(void)
{
	char *argv[] = {"true", NULL};
	pthread_t thread;
	volatile int stops = 0, ends = 0;
	int status;

	pthread_create(&thread, NULL, work, NULL);
	for (int i = 0; i < 10; i++) {
		pid_t pid = i % 2 ? fork() : vfork();

		if (pid == 0) {
			ptrace(PTRACE_TRACEME, 0, NULL, NULL);
			shared[0]++;
			shared[1]++;
			execvp("true", argv);
			_exit(1);
		}
		for (waitpid(pid, &status, 0); WIFSTOPPED(status); waitpid(pid, &status, 0)) {
			stops++;
			ptrace(PTRACE_CONT, pid, NULL, NULL);
		}
		ends += WIFEXITED(status) && WEXITSTATUS(status) == 0;
	}
	atomic_store(&done, 1);
	pthread_join(thread, NULL);
	printf("stopped %d, ended %d\n", stops, ends);
	return 0;
}
