/* All the ways to wait for a child, and what they give back. */
#include <signal.h>
#include <sys/resource.h>

#include "proc.h"

static pid_t child(int status)
{
	pid_t pid = fork();

	if (pid == 0) {
		if (status < 0)
			raise(-status);
		_exit(status);
	}
	return pid;
}

static void by_pid(void)
{
	struct rusage usage;
	int status = -1;
	pid_t pid = child(1);

	printf("wait: %d", wait(&status) == pid);
	printf(" %d\n", status);
	pid = child(2);
	printf("wait(NULL): %d\n", wait(NULL) == pid);
	pid = child(-SIGKILL);
	printf("waitpid: %d", waitpid(pid, &status, 0) == pid);
	printf(" %d\n", status);
	pid = child(3);
	printf("wait3: %d", wait3(&status, 0, &usage) == pid);
	printf(" %d\n", status);
	pid = child(4);
	printf("wait4: %d", wait4(pid, NULL, 0, NULL) == pid);
	printf(" %d\n", status);
	errno = 0;
	printf("nobody: %d", waitpid(-1, &status, 0));
	printf(" %d\n", errno == ECHILD);
	errno = 0;
	printf("nobody at once: %d", wait3(&status, WNOHANG, &usage));
	printf(" %d\n", errno == ECHILD);
}

static void without_waiting(void)
{
	int ends[2], status = -1;
	pid_t pid;

	proc_need(pipe(ends) == 0, "pipe");
	pid = fork();
	if (pid == 0) {
		char c;

		close(ends[1]);
		proc_need(read(ends[0], &c, 1) == 0, "read");
		_exit(5);
	}
	close(ends[0]);
	printf("not yet: %d", waitpid(pid, &status, WNOHANG));
	printf(" %d\n", status);
	close(ends[1]);
	while (waitpid(pid, &status, WNOHANG) == 0)
		usleep(1000);
	printf("now: %d\n", status);
}

static void by_id(void)
{
	siginfo_t info;
	pid_t pid = child(6);

	memset(&info, 0, sizeof(info));
	printf("waitid, left: %d", waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT));
	printf(" %d %d\n", info.si_pid == pid, info.si_status);
	printf("waitid: %d", waitid(P_ALL, 0, &info, WEXITED));
	printf(" %d %d\n", info.si_pid == pid, info.si_status);
	pid = child(-SIGTERM);
	printf("waitid(NULL): %d\n", waitid(P_PGID, (id_t)getpgid(0), NULL, WEXITED));
	errno = 0;
	printf("nobody: %d", waitid(P_PID, (id_t)pid, &info, WEXITED));
	printf(" %d\n", errno == ECHILD);
	pid = child(-SIGSTOP);
	printf("stopped: %d", waitid(P_PID, (id_t)pid, &info, WSTOPPED));
	printf(" %d\n", info.si_status == SIGSTOP);
	printf("nothing new: %d", waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG));
	printf(" %d\n", info.si_pid);
	kill(pid, SIGKILL);
	printf("killed: %d\n", proc_reap(pid) - 256 == SIGKILL);
}

static void *wait_for_ever(void *pid)
{
	waitpid(*(pid_t *)pid, NULL, 0);
	return NULL;
}

static void cancelled(void)
{
	pid_t pid = child(-SIGSTOP);
	pthread_t thread;
	void *value;

	proc_need(waitpid(pid, NULL, WUNTRACED) == pid, "waitpid");
	pthread_create(&thread, NULL, wait_for_ever, &pid);
	pthread_cancel(thread);
	pthread_join(thread, &value);
	printf("cancelled: %d\n", value == PTHREAD_CANCELED);
	kill(pid, SIGKILL);
	proc_reap(pid);
}

int main(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	by_pid();
	without_waiting();
	by_id();
	cancelled();
	return 0;
}
