/*
 * As shells do: `producer | head -n 1`, whose producer is rightly ended by SIGPIPE, by fork and
 * exec and by system; a child that gets two descriptors of tokens, as jobs of make do; and pipes
 * that are closed by exec.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static pid_t start(const char *script, int in, int out, const int pipe_ends[2])
{
	pid_t child = fork();

	if (child == 0) {
		if (in >= 0)
			dup2(in, STDIN_FILENO);
		if (out >= 0)
			dup2(out, STDOUT_FILENO);
		if (pipe_ends) {
			close(pipe_ends[0]);
			close(pipe_ends[1]);
		}
		execl("/bin/sh", "sh", "-c", script, (char *)NULL);
		_exit(127);
	}
	return child;
}

static int status_of(pid_t child)
{
	int status = -1;

	waitpid(child, &status, 0);
	return status;
}

static int producer_and_head(void)
{
	int ends[2];

	if (pipe(ends) != 0)
		return 1;
	pid_t producer = start("exec yes", -1, ends[1], ends);
	pid_t head = start("exec head -n 1", ends[0], -1, ends);
	close(ends[0]);
	close(ends[1]);
	int failed = status_of(head);
	return failed | (WTERMSIG(status_of(producer)) != SIGPIPE);
}

static int jobserver(void)
{
	char script[100], token;
	int ends[2];

	if (pipe(ends) != 0 || write(ends[1], "+", 1) != 1)
		return 1;
	snprintf(script, sizeof script,
		 "t=$(dd bs=1 count=1 <&%d 2>/dev/null); printf '%%s' \"$t\" >&%d", ends[0],
		 ends[1]);
	int failed = status_of(start(script, -1, -1, NULL));
	failed |= read(ends[0], &token, 1) != 1;
	close(ends[0]);
	close(ends[1]);
	return failed;
}

static int closed_by_exec(void)
{
	char byte;
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) != 0)
		return 1;
	pid_t child = start("exit 0", -1, -1, NULL);
	close(ends[1]);
	int failed = read(ends[0], &byte, 1) != 0; /* the end, as the child's copy was closed */
	close(ends[0]);
	return status_of(child) | failed;
}

int main(void)
{
	if (producer_and_head() || system("yes | head -n 1 >/dev/null") || jobserver())
		return 1;
	return closed_by_exec();
}
