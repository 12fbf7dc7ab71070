/*
 * A daemon, whose standard descriptors libc replaces by /dev/null, unseen: what it writes there
 * goes to no pipe. Prints pipe INODE bytes-written bytes-read ends-opened copies closed
 * failed-calls
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static unsigned long inode_of(int fd)
{
	struct stat info;

	return fstat(fd, &info) == 0 ? (unsigned long)info.st_ino : 0;
}

int main(void)
{
	int data[2], done[2], status;
	unsigned long inodes[2];
	char c;
	pid_t child;

	if (pipe(data) || pipe(done))
		return 2;
	inodes[0] = inode_of(data[0]);
	inodes[1] = inode_of(done[0]);
	child = fork();
	if (child == 0) {
		dup2(data[0], 0);
		dup2(data[1], 1);
		dup2(data[1], 2);
		if (write(1, "abc", 3) != 3 || daemon(1, 0))
			_exit(1);
		if (write(1, "lost", 4) != 4 || read(0, &c, 1) != 0)
			_exit(1);
		close(0);
		_exit(write(done[1], "d", 1) != 1);
	}
	close(done[1]);
	if (waitpid(child, &status, 0) != child || status || read(done[0], &c, 1) != 1)
		return 1;
	printf("pipe %lu 3 0 2 3 3 0\n", inodes[0]);
	printf("pipe %lu 1 1 2 0 1 0\n", inodes[1]);
	return 0;
}
