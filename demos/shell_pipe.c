/*
 * Teaches: how a shell connects programs by pipes, and that every unused end must be closed.
 *
 *   shell_pipe FOLDER           does what `ls -1 FOLDER | grep c | wc -l` does
 *   shell_pipe --wrong FOLDER   the process of wc keeps the write end that it inherited of the pipe
 *                               that it reads: its input never ends, as it could itself write
 *                               more. It hangs. conctrace: rule pipe-deadlock, with that end and
 *                               where it was opened, exit status 66
 *
 * conctrace follows the descriptors through fork, dup2, close and exec, and shows what went through
 * each pipe from which program to which: `conctrace timing` has a line for each process.
 */
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* Runs `command` with `in` as its input and `out` as its output. `unused` is the other end of its
 * output, which it inherits as well, or -1. Closes nothing of the caller's. */
static pid_t start(char **command, int in, int out, int unused)
{
	pid_t child = fork();

	if (child != 0)
		return child;
	if (in != STDIN_FILENO) {
		dup2(in, STDIN_FILENO);
		close(in);
	}
	if (out != STDOUT_FILENO) {
		dup2(out, STDOUT_FILENO);
		close(out);
	}
	if (unused >= 0)
		close(unused);
	execvp(command[0], command);
	_exit(127);
}

int main(int argc, char **argv)
{
	int wrong = argc > 1 && strcmp(argv[1], "--wrong") == 0;
	char *ls[] = {"ls", "-1", argc > 1 + wrong ? argv[1 + wrong] : ".", NULL};
	char *grep[] = {"grep", "c", NULL};
	char *wc[] = {"wc", "-l", NULL};
	int names[2], found[2];
	int status = 0;

	if (pipe(names) < 0)
		return 1;
	start(ls, STDIN_FILENO, names[1], names[0]);
	close(names[1]); /* before the next fork: nobody inherits what is closed */
	if (pipe(found) < 0)
		return 1;
	start(grep, names[0], found[1], found[0]);
	close(names[0]);
	if (!wrong)
		close(found[1]);
	start(wc, found[0], STDOUT_FILENO, -1);
	if (wrong)
		close(found[1]);
	close(found[0]);
	for (int i = 0; i < 3; i++)
		if (wait(&status) < 0 || status != 0)
			return 1;
	return 0;
}
