/*
 * Writes the inode of a pipe to standard output, then waits for ever in the call that it is told:
 *   fd_blocked CALL
 * The reading calls find an empty pipe or half of what they want, the writing ones a full one.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <unistd.h>

static char big[65536];
static int other[2];
static unsigned long inode;

/* Calls that may wait, made while the read that was interrupted goes on; only then the inode is
 * told. */
static void handler(int number)
{
	char c = (char)number;

	if (write(other[1], &c, 1) == 1 && read(other[0], &c, 1) == 1)
		dprintf(1, "%lu\n", inode);
}

static void interrupted_read(int fd)
{
	struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART};
	struct itimerval timer = {.it_value = {0, 20000}};
	char c;

	if (pipe(other))
		exit(2);
	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &timer, NULL);
	printf("came back: %d\n", (int)read(fd, &c, 1));
}

static void read_by(const char *call, int fd, FILE *in)
{
	char text[100], *line = NULL;
	size_t size = 0;
	struct iovec part = {text, 10};
	int n;

	if (!strcmp(call, "read"))
		n = (int)read(fd, text, 1);
	else if (!strcmp(call, "readv"))
		n = (int)readv(fd, &part, 1);
	else if (!strcmp(call, "getc"))
		n = getc(in);
	else if (!strcmp(call, "fgets"))
		n = fgets(text, sizeof(text), in) != NULL;
	else if (!strcmp(call, "getline"))
		n = (int)getline(&line, &size, in);
	else if (!strcmp(call, "fread"))
		n = (int)fread(text, 10, 3, in);
	else if (!strcmp(call, "scanf"))
		n = fscanf(in, "%d", &n);
	else
		abort();
	printf("came back: %d\n", n);
}

static void write_by(const char *call, int fd, FILE *out)
{
	int n;

	if (!strcmp(call, "write"))
		n = (int)write(fd, big, 10);
	else if (!strcmp(call, "fwrite"))
		n = (int)fwrite(big, 1, sizeof(big), out);
	else if (!strcmp(call, "dprintf"))
		n = dprintf(fd, "%d\n", 1);
	else if (!strcmp(call, "fprintf"))
		for (n = 0; n < 1000; n++)
			fprintf(out, "line %d\n", n);
	else if (!strcmp(call, "fputs"))
		for (n = 0; n < 1000; n++)
			fputs("a line\n", out);
	else if (!strcmp(call, "fflush"))
		n = putc('x', out) + fflush(out);
	else if (!strcmp(call, "fflush_all"))
		n = putc('x', out) + fflush(NULL);
	else if (!strcmp(call, "fclose"))
		n = putc('x', out) + fclose(out);
	else if (!strcmp(call, "exit"))
		exit(putc('x', out));
	else
		abort();
	printf("came back: %d\n", n);
}

int main(int argc, char **argv)
{
	struct stat info;
	int fds[2];
	FILE *in, *out;

	if (argc < 2 || pipe(fds) || fstat(fds[0], &info))
		return 2;
	in = fdopen(fds[0], "r");
	out = fdopen(fds[1], "w");
	inode = (unsigned long)info.st_ino;
	if (!strcmp(argv[1], "interrupted"))
		interrupted_read(fds[0]);
	dprintf(1, "%lu\n", inode);
	if (strstr("read readv", argv[1])) {
		read_by(argv[1], fds[0], in);
	} else if (strstr("getc fgets getline fread scanf", argv[1])) {
		/* what a call before this one left in the buffer */
		const char *left = !strcmp(argv[1], "getc")    ? "a"
				   : !strcmp(argv[1], "scanf") ? "a \n"
							       : "ab";

		if (write(fds[1], left, strlen(left)) < 0 || getc(in) != 'a')
			return 2;
		read_by(argv[1], fds[0], in);
	} else {
		if (write(fds[1], big, sizeof(big)) != sizeof(big))
			return 2;
		write_by(argv[1], fds[1], out);
	}
	return 1;
}
