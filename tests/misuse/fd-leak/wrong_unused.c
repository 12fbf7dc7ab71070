/*
 * The program that is started for something else has the pipe's read end open, as it was made
 * without O_CLOEXEC, and does nothing with it. It is over soon, so no harm is done this time.
 *
 * expect: fd-leak P1 start_other make_pipe note
 */
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static int ends[2];

static void make_pipe(void)
{
	if (pipe(ends))
		exit(1);
}

static void start_writer(void)
{
	if (fork() == 0)
		_exit(write(ends[1], "done\n", 5) != 5);
	close(ends[1]);
}

static void start_other(const char *program)
{
	if (fork())
		return;
	execl(program, program, "other", (char *)NULL);
	_exit(1);
}

int main(int argc, char **argv)
{
	char word[5];

	if (argc > 1 && strcmp(argv[1], "other") == 0)
		return 0;
	make_pipe();
	start_writer();
	start_other(argv[0]);
	while (wait(NULL) > 0)
		continue;
	return read(ends[0], word, sizeof(word)) != sizeof(word);
}
