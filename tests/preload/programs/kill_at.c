/*
 * kill_at COUNTER_FILE MICROSECONDS PROG ARGS: runs PROG, waits until it has counted once, kills it
 * with SIGKILL so much later, and prints what it had counted. Does not use the recorder itself.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static uint64_t now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000u + (uint64_t)t.tv_nsec / 1000u;
}

int main(int argc, char **argv)
{
	const char *library = getenv("CT_LIB");
	int fd = argc > 3 ? open(argv[1], O_RDWR | O_CREAT | O_TRUNC, 0600) : -1, status;
	volatile uint64_t *count;
	uint64_t begin;
	pid_t child;

	if (fd < 0 || !library || ftruncate(fd, sizeof(*count)) < 0)
		return 2;
	count = mmap(NULL, sizeof(*count), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	child = fork();
	if (child == 0) {
		setenv("LD_PRELOAD", library, 1);
		execv(argv[3], argv + 3);
		_exit(127);
	}
	begin = now_us();
	while (*count == 0)
		if (now_us() - begin > 20000000u || waitpid(child, &status, WNOHANG) != 0)
			return 3;
	begin = now_us();
	while (now_us() - begin < strtoull(argv[2], NULL, 10))
		;
	kill(child, SIGKILL);
	if (waitpid(child, &status, 0) != child || !WIFSIGNALED(status))
		return 4;
	printf("%" PRIu64 "\n", *count);
	return 0;
}
