/*
 * Legal, if not kind: the child waits for room in a pipe that is read by nobody, though it could
 * be, and the parent kills it. That is no SIGPIPE.
 */
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

static void fill(int fd)
{
	static char block[4096];

	while (write(fd, block, sizeof(block)) > 0)
		continue;
}

int main(void)
{
	int ends[2], bytes = 0;
	pid_t pid;

	if (pipe(ends))
		return 1;
	pid = fork();
	if (pid == 0)
		fill(ends[1]);
	close(ends[1]);
	while (bytes < 65536)
		if (ioctl(ends[0], FIONREAD, &bytes))
			return 1;
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	return 0;
}
