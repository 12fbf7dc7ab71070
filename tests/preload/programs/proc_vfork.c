/* vfork: its child execs, fails to exec, ends, works in the borrowed thread, vforks itself. */
#include <signal.h>
#include <stdatomic.h>

#include "proc.h"

static char *self;
static atomic_bool stop;

static void *lock_until_stopped(void *pairs)
{
	static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

	while (!stop) {
		pthread_mutex_lock(&mutex);
		pthread_mutex_unlock(&mutex);
		proc_breathe(++*(unsigned *)pairs);
	}
	return NULL;
}

static int exec_child(void)
{
	volatile int before = 11, after = 0;
	pid_t pid = vfork();

	if (pid == 0) {
		after = 22;
		execl(self, self, "child", (char *)NULL);
		_exit(127);
	}
	proc_need(pid > 0 && before == 11 && after == 22, "locals");
	return proc_reap(pid);
}

static int fail_to_exec(void)
{
	char *const argv[] = {"x", NULL};
	pid_t pid = vfork();

	if (pid == 0) {
		if (execve("/nonexistent/x", argv, environ) == -1 && errno == ENOENT)
			_exit(127);
		_exit(1);
	}
	return proc_reap(pid);
}

/* What a shell does between vfork and exec. */
static int redirect(void)
{
	int ends[2];
	char text[16] = "";
	pid_t pid;

	proc_need(pipe(ends) == 0, "pipe");
	pid = vfork();
	if (pid == 0) {
		signal(SIGINT, SIG_DFL);
		close(ends[0]);
		dup2(ends[1], 1);
		close(ends[1]);
		execlp("echo", "echo", "through", "a", "pipe", (char *)NULL);
		_exit(127);
	}
	close(ends[1]);
	proc_need(read(ends[0], text, sizeof(text) - 1) == 15, "read");
	close(ends[0]);
	printf("%s", text);
	return proc_reap(pid);
}

static int nested(void)
{
	pid_t pid = vfork();

	if (pid == 0) {
		pid_t inner = vfork();
		int status;

		if (inner == 0)
			_exit(3);
		if (waitpid(inner, &status, 0) != inner)
			_exit(99);
		_exit(WEXITSTATUS(status) + 1);
	}
	return proc_reap(pid);
}

static int fork_in_vfork(void)
{
	pid_t pid = vfork();

	if (pid == 0) {
		pid_t inner = fork();
		int status;

		if (inner == 0) {
			proc_work(9);
			_exit(30);
		}
		if (waitpid(inner, &status, 0) != inner)
			_exit(99);
		_exit(WEXITSTATUS(status) + 1);
	}
	return proc_reap(pid);
}

static void *all(void *unused)
{
	(void)unused;
	for (int i = 0; i < 5; i++)
		printf("%d %d %d %d %d\n", exec_child(), fail_to_exec(), redirect(), nested(),
		       fork_in_vfork());
	proc_pairs(5);
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t locker, thread;
	unsigned pairs = 0;

	self = argv[0];
	if (argc > 1) {
		proc_work(8);
		return 12;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	all(NULL);
	pthread_create(&locker, NULL, lock_until_stopped, &pairs);
	pthread_create(&thread, NULL, all, NULL);
	pthread_join(thread, NULL);
	stop = true;
	pthread_join(locker, NULL);
	proc_count(10 + pairs);
	return 0;
}
