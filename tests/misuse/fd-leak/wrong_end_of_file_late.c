/*
 * The parent starts another program while a pipe is open, which so gets its write end without
 * knowing. The child that writes to the pipe has ended, but the end of file does not come until the
 * other program ends, too.
 *
 * expect: fd-leak P1 start_other make_pipe read_all warning
 */
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

static int results[2], input[2];
static pid_t writer, reader;

/* Runs until its input ends. */
static int other(void)
{
	char byte;

	while (read(0, &byte, 1) > 0)
		continue;
	return 0;
}

static void make_pipe(void)
{
	if (pipe2(input, O_CLOEXEC) || pipe(results))
		exit(1);
}

static void start_other(const char *program)
{
	if (fork())
		return;
	dup2(input[0], 0);
	execl(program, program, "other", (char *)NULL);
	_exit(1);
}

static void start_writer(void)
{
	writer = fork();
	if (writer == 0)
		_exit(write(results[1], "done\n", 5) != 5);
}

/* Whether the main thread waits in the read that finds nothing. */
static int is_waiting(void)
{
	char path[64], state = 0;
	int bytes = 1;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/self/task/%d/stat", (int)reader);
	file = fopen(path, "r");
	if (!file)
		return 0;
	if (fscanf(file, "%*d %*s %c", &state) != 1)
		state = 0;
	fclose(file);
	return state == 'S' && ioctl(results[0], FIONREAD, &bytes) == 0 && bytes == 0;
}

/* Ends the other program when it is all that the reader waits for. */
static void *end_other(void *unused)
{
	waitpid(writer, NULL, 0);
	while (!is_waiting())
		continue;
	close(input[1]);
	return unused;
}

static long read_all(void)
{
	long sum = 0, count;
	char bytes[16];

	while ((count = read(results[0], bytes, sizeof(bytes))) > 0)
		sum += count;
	return sum;
}

int main(int argc, char **argv)
{
	pthread_t ender;
	long sum;

	if (argc > 1 && strcmp(argv[1], "other") == 0)
		return other();
	reader = getpid();
	make_pipe();
	start_other(argv[0]);
	start_writer();
	close(results[1]);
	close(input[0]);
	pthread_create(&ender, NULL, end_other, NULL);
	sum = read_all();
	pthread_join(ender, NULL);
	wait(NULL);
	return sum != 5;
}
