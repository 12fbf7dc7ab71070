/* Leaves things outside its folder: argv[1] MB in each of /tmp, /dev/shm, and a System V segment; a
 * semaphore set and a queue; a folder that is closed. Says what it made. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <unistd.h>

static int fill(const char *folder, int megabytes)
{
	static char data[1 << 20];
	char name[64];
	int fd, written = 0;

	memset(data, 1, sizeof(data));
	snprintf(name, sizeof(name), "%s/ct-outside.XXXXXX", folder);
	fd = mkstemp(name);
	while (fd >= 0 && written < megabytes &&
	       write(fd, data, sizeof(data)) == (ssize_t)sizeof(data))
		written++;
	close(fd);
	return written;
}

static int segment(int megabytes)
{
	size_t size = (size_t)megabytes << 20;
	int id = shmget(IPC_PRIVATE, size, IPC_CREAT | 0600);
	char *memory = id < 0 ? (char *)-1 : shmat(id, NULL, 0);

	if (memory == (char *)-1)
		return 0;
	memset(memory, 1, size);
	shmdt(memory);
	return megabytes;
}

/* A file in the folder with a second name outside, if that is the same disk. */
static void link_outside(void)
{
	char name[64];
	int fd = open("linked", O_WRONLY | O_CREAT | O_TRUNC, 0644);

	snprintf(name, sizeof(name), "/tmp/ct-outside.link%d", (int)getpid());
	if (fd >= 0)
		close(fd);
	if (fd >= 0 && link("linked", name) == 0)
		printf("linked\n");
}

int main(int argc, char **argv)
{
	int megabytes = argc > 1 ? atoi(argv[1]) : 0;
	char folder[] = "/tmp/ct-outside.XXXXXX";

	link_outside();
	if (!mkdtemp(folder) || chdir(folder) != 0 || mkdir("in", 0700) != 0 ||
	    symlink("/etc", "in/link") != 0 || chmod("in", 0) != 0)
		return 1;
	if (semget(IPC_PRIVATE, 1, IPC_CREAT | 0600) < 0 ||
	    msgget(IPC_PRIVATE, IPC_CREAT | 0600) < 0)
		return 2;
	printf("tmp %d\n", fill("/tmp", megabytes));
	printf("shm %d\n", fill("/dev/shm", megabytes));
	printf("segment %d\n", segment(megabytes));
	printf("dev %d\n", fill("/dev", 1));
	printf("run %d\n", fill("/run", 1));
	fflush(stdout);
	if (argc > 2) /* long enough to be looked at */
		sleep(60);
	return 0;
}
