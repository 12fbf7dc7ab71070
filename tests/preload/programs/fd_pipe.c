/*
 * Pipes between a parent and its child, by read and write: small pieces, more than a pipe holds,
 * end of file, a reader that is gone, an end that does not wait, copies of ends. Prints for each
 * pipe pipe INODE bytes-written bytes-read ends-opened copies closed failed-calls which are the
 * counts of both processes.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

static unsigned long inode_of(int fd)
{
	struct stat info;

	return fstat(fd, &info) == 0 ? (unsigned long)info.st_ino : 0;
}

static void check(int ok, const char *what)
{
	if (!ok) {
		fprintf(stderr, "%s: errno %d\n", what, errno);
		exit(1);
	}
}

/* The child writes 300 lines of 7 bytes and then 200,000 bytes at once; the parent reads all. */
static void stream_down(void)
{
	static char big[200000];
	unsigned long total = 0, inode;
	int fds[2], status;
	ssize_t n;
	pid_t child;

	check(pipe(fds) == 0, "pipe");
	inode = inode_of(fds[0]);
	child = fork();
	if (child == 0) {
		close(fds[0]);
		for (int i = 0; i < 300; i++)
			check(write(fds[1], "seven!\n", 7) == 7, "write");
		check(write(fds[1], big, sizeof(big)) == sizeof(big), "big write");
		close(fds[1]);
		_exit(0);
	}
	close(fds[1]);
	while ((n = read(fds[0], big, 5000)) > 0)
		total += (unsigned long)n;
	check(n == 0, "end of file");
	close(fds[0]);
	check(waitpid(child, &status, 0) == child && status == 0, "child");
	printf("pipe %lu %lu %lu 2 0 4 0\n", inode, 300 * 7 + sizeof(big), total);
}

static void vectors_and_copies(void)
{
	char a[4] = "abc", b[4] = "def", in[16];
	struct iovec out[2] = {{a, 3}, {b, 3}}, back[2] = {{in, 4}, {in + 4, 12}};
	unsigned long inode;
	int fds[2], copies[4];

	check(pipe2(fds, O_CLOEXEC) == 0, "pipe2");
	inode = inode_of(fds[0]);
	copies[0] = dup(fds[1]);
	copies[1] = fcntl(fds[1], F_DUPFD_CLOEXEC, 40);
	copies[2] = dup2(fds[1], 45);
	copies[3] = dup3(fds[0], 45, O_CLOEXEC); /* and closes the writer at 45 */
	check(copies[0] > 2 && copies[1] >= 40 && copies[2] == 45 && copies[3] == 45, "copies");
	check(writev(copies[1], out, 2) == 6, "writev");
	check(write(copies[0], "g", 1) == 1, "write to a copy");
	close(fds[1]);
	close(copies[0]);
	close(copies[1]);
	check(readv(45, back, 2) == 7, "readv");
	check(read(fds[0], in, 16) == 0, "end of file");
	close(45);
	check(close_range((unsigned)fds[0], (unsigned)fds[0], 0) == 0, "close_range");
	check(fcntl(fds[0], F_GETFD) == -1 && errno == EBADF, "it is closed");
	printf("pipe %lu 7 7 2 4 6 0\n", inode);
}

static void failures(void)
{
	static char big[70000];
	unsigned long inode;
	ssize_t n;
	int fds[2];

	check(pipe2(fds, O_NONBLOCK) == 0, "pipe2");
	inode = inode_of(fds[0]);
	check(read(fds[0], big, 1) == -1 && errno == EAGAIN, "empty");
	n = write(fds[1], big, sizeof(big));
	check(n == 65536, "as much as fits");
	check(write(fds[1], big, 1) == -1 && errno == EAGAIN, "full");
	close(fds[0]);
	check(write(fds[1], big, 1) == -1 && errno == EPIPE, "no reader");
	check(close(fds[1]) == 0 && close(fds[1]) == -1 && errno == EBADF, "twice");
	printf("pipe %lu 65536 0 2 0 2 3\n", inode);
}

int main(void)
{
	signal(SIGPIPE, SIG_IGN);
	setvbuf(stdout, NULL, _IOLBF, 0); /* no child has it buffered, too */
	stream_down();
	vectors_and_copies();
	failures();
	return 3;
}
