/*
 * Legal: descriptors that are meant for the other program. It reads its input; it writes to the
 * descriptor that its command line names; one has the number that the two have agreed on, and is
 * used by one of two programs only; one is never used, but tells the parent by its end of file that
 * the program is over.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { AGREED = 30 };

static int input[2], named[2], agreed[2], alive[2];

static int other(int argc, char **argv)
{
	char word[2];

	if (read(0, word, sizeof(word)) != sizeof(word))
		return 1;
	if (argc > 2 && write(atoi(argv[2]), "ok", 2) != 2)
		return 1;
	return argc > 2 && write(AGREED, "ok", 2) != 2;
}

static void start_other(const char *program, int names)
{
	char number[16];

	if (fork())
		return;
	snprintf(number, sizeof(number), "%d", named[1]);
	dup2(input[0], 0);
	dup2(agreed[1], AGREED);
	close(input[0]);
	close(input[1]);
	close(named[0]);
	close(agreed[0]);
	close(agreed[1]);
	close(alive[0]);
	execl(program, program, "other", names ? number : NULL, (char *)NULL);
	_exit(1);
}

int main(int argc, char **argv)
{
	char word[2];

	if (argc > 1 && strcmp(argv[1], "other") == 0)
		return other(argc, argv);
	if (pipe(input) || pipe(named) || pipe(agreed) || pipe(alive))
		return 1;
	start_other(argv[0], 1);
	start_other(argv[0], 0);
	close(named[1]);
	close(agreed[1]);
	close(alive[1]);
	if (write(input[1], "gogo", 4) != 4 || read(named[0], word, 2) != 2 ||
	    read(agreed[0], word, 2) != 2 || read(alive[0], word, 1) != 0)
		return 1;
	while (wait(NULL) > 0)
		continue;
	return 0;
}
