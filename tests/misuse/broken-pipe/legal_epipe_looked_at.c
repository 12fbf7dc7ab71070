/*
 * Legal: SIGPIPE is ignored, EPIPE is looked at, and nothing more is written. The same by stdio,
 * whose buffer is written once more when the file is closed.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

static int write_until_refused(int fd)
{
	for (int i = 0; i < 10; i++)
		if (write(fd, "line\n", 5) != 5)
			return errno == EPIPE;
	return 0;
}

static int print_until_refused(int fd)
{
	FILE *file = fdopen(fd, "w");
	int refused;

	if (!file)
		return 0;
	fputs("line\n", file);
	refused = fflush(file) == EOF && errno == EPIPE;
	fclose(file);
	return refused;
}

int main(void)
{
	int first[2], second[2];

	signal(SIGPIPE, SIG_IGN);
	if (pipe(first) || pipe(second))
		return 1;
	close(first[0]);
	close(second[0]);
	return !write_until_refused(first[1]) || !print_until_refused(second[1]);
}
