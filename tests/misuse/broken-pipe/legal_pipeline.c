/*
 * Legal: as in a shell's pipeline, the first program is ended by SIGPIPE when the second one has
 * read enough. It writes to its standard output and knows nothing of pipes. Once it is another
 * program, once a forked child of this one.
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void write_for_ever(void)
{
	while (write(1, "y\n", 2) == 2)
		continue;
	_exit(1);
}

static void produce(const int ends[2], const char *program)
{
	dup2(ends[1], 1);
	close(ends[0]);
	close(ends[1]);
	if (program)
		execl(program, program, "produce", (char *)NULL);
	write_for_ever();
}

static int is_ended_by_signal(const char *program)
{
	int ends[2], status;
	char line[2];
	pid_t pid;

	if (pipe(ends))
		return 0;
	pid = fork();
	if (pid == 0)
		produce(ends, program);
	close(ends[1]);
	if (read(ends[0], line, sizeof(line)) != sizeof(line))
		return 0;
	close(ends[0]);
	waitpid(pid, &status, 0);
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGPIPE;
}

int main(int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], "produce") == 0)
		write_for_ever();
	return !is_ended_by_signal(NULL) || !is_ended_by_signal(argv[0]);
}
