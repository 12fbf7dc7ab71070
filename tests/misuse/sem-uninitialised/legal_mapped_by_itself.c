/*
 * Legal: memory that a program maps by itself, without libc, may hold what a stranger initialised,
 * of whom nothing is on record. Here the program plays the stranger: it writes the bytes of a
 * semaphore of value 1 to the file that it maps.
 */
#include <semaphore.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

static int file_of_stranger(void)
{
	int fd = memfd_create("shared", 0);
	char bytes[4096] = {1};

	if (fd < 0 || write(fd, bytes, sizeof(bytes)) != (ssize_t)sizeof(bytes))
		return -1;
	return fd;
}

int main(void)
{
	long memory = syscall(SYS_mmap, NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED,
			      file_of_stranger(), 0);
	sem_t *sem = (sem_t *)memory;

	if (memory == -1)
		return 1;
	return sem_wait(sem);
}
