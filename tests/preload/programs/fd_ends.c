/*
 * A FIFO and a socket pair, and descriptors of a vfork child, which are not its parent's. Prints
 *   pipe INODE bytes-written bytes-read ends-opened copies closed failed-calls
 *   pair INODE INODE
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void check(int ok, const char *what)
{
	if (!ok) {
		fprintf(stderr, "%s: errno %d\n", what, errno);
		exit(1);
	}
}

static unsigned long inode_of(int fd)
{
	struct stat info;

	return fstat(fd, &info) == 0 ? (unsigned long)info.st_ino : 0;
}

static void fifo(const char *path)
{
	char text[100];
	unsigned long inode;
	FILE *file;
	int fd, status;
	pid_t child;

	check(mkfifo(path, 0600) == 0, "mkfifo");
	child = fork();
	if (child == 0) {
		file = fopen(path, "w");
		check(file && fputs("through the fifo\n", file) >= 0, "fputs");
		check(fclose(file) == 0, "fclose");
		_exit(0);
	}
	file = fopen(path, "r");
	check(file != NULL, "fopen");
	inode = inode_of(fileno(file));
	check(fgets(text, sizeof(text), file) != NULL, "fgets");
	check(fgets(text, sizeof(text), file) == NULL && feof(file), "end of file");
	file = freopen(path, "r+", file);
	check(file && fputs("self\n", file) >= 0 && fflush(file) == 0, "fputs to myself");
	check(fgets(text, sizeof(text), file) != NULL, "fgets from myself");
	fd = open(path, O_RDONLY | O_NONBLOCK);
	check(fd >= 0 && close(fd) == 0, "open");
	fclose(file);
	check(waitpid(child, &status, 0) == child && status == 0, "child");
	unlink(path);
	printf("pipe %lu 22 22 4 0 4 0\n", inode);
}

static void pair(void)
{
	unsigned long inodes[2];
	char text[100];
	int fds[2], status;
	pid_t child;

	check(socketpair(AF_UNIX, SOCK_STREAM, 0, fds) == 0, "socketpair");
	inodes[0] = inode_of(fds[0]);
	inodes[1] = inode_of(fds[1]);
	child = fork();
	if (child == 0) {
		close(fds[0]);
		check(read(fds[1], text, 100) == 8, "read");
		check(write(fds[1], "answer", 6) == 6, "write");
		_exit(0);
	}
	close(fds[1]);
	check(write(fds[0], "question", 8) == 8, "write");
	check(read(fds[0], text, 6) == 6, "read");
	check(read(fds[0], text, 6) == 0, "end of file");
	close(fds[0]);
	check(waitpid(child, &status, 0) == child && status == 0, "child");
	printf("pair %lu %lu\n", inodes[0], inodes[1]);
	printf("pipe %lu 8 6 1 0 2 0\n", inodes[0]);
	printf("pipe %lu 6 8 1 0 1 0\n", inodes[1]);
}

/* The child makes its ends 0 and 1 and closes the rest; the parent goes on with its own. */
static void vforked(void)
{
	int down[2], back[2], status;
	unsigned long inodes[2];
	char text[100];
	pid_t child;

	check(pipe(down) == 0 && pipe(back) == 0, "pipe");
	inodes[0] = inode_of(down[0]);
	inodes[1] = inode_of(back[0]);
	child = vfork();
	if (child == 0) {
		dup2(down[0], 0);
		dup2(back[1], 1);
		close(down[0]);
		close(down[1]);
		close(back[0]);
		close(back[1]);
		execlp("sh", "sh", "-c", "read line; echo \"got $line\"", (char *)NULL);
		_exit(127);
	}
	close(down[0]);
	close(back[1]);
	check(write(down[1], "it\n", 3) == 3, "write");
	check(read(back[0], text, 100) == 7, "read");
	check(read(back[0], text, 100) == 0, "end of file");
	close(down[1]);
	close(back[0]);
	check(waitpid(child, &status, 0) == child && status == 0, "child");
	printf("pipe %lu 3 3 2 1 4 0\n", inodes[0]);
	printf("pipe %lu 7 7 2 1 4 0\n", inodes[1]);
}

int main(int argc, char **argv)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	check(argc > 1, "needs the path of a FIFO to make");
	fifo(argv[1]);
	pair();
	vforked();
	return 9;
}
