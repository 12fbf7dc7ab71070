/*
 * Legal: one pipe is made with O_CLOEXEC, the other's ends are closed between fork and exec. The
 * program that is started has neither.
 */
#include <fcntl.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static int start_other(const char *program, const int ends[2])
{
	pid_t pid = fork();
	int status = 1;

	if (pid == 0) {
		close(ends[0]);
		close(ends[1]);
		execl(program, program, "other", (char *)NULL);
		_exit(1);
	}
	waitpid(pid, &status, 0);
	return status;
}

static int passes(const int ends[2])
{
	char byte;

	return write(ends[1], "x", 1) == 1 && read(ends[0], &byte, 1) == 1;
}

int main(int argc, char **argv)
{
	int kept[2], closed[2];

	if (argc > 1 && strcmp(argv[1], "other") == 0)
		return 0;
	if (pipe2(kept, O_CLOEXEC) || pipe(closed))
		return 1;
	return !passes(kept) || !passes(closed) || start_other(argv[0], closed);
}
