/*
 * Teaches: a producer and a consumer on a pipe; the end of the data is the end of the last
 * descriptor of the write end.
 *
 * The parent writes numbers, the child adds them up until the end of file. Both close the end that
 * they do not use, so the child sees the end of file as soon as the parent closes its write end.
 * conctrace draws the pipe between the two processes and has nothing to say. The wrong twin is
 * pipe_prodcons_wrong.
 */
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#define NUMBERS 1000

static int consume(int in)
{
	long sum = 0;
	int number;

	while (read(in, &number, sizeof(number)) == sizeof(number))
		sum += number;
	printf("sum %ld\n", sum);
	return 0;
}

int main(void)
{
	int ends[2];
	pid_t child;

	if (pipe(ends) < 0)
		return 1;
	child = fork();
	if (child == 0) {
		close(ends[1]);
		return consume(ends[0]);
	}
	close(ends[0]);
	for (int i = 1; i <= NUMBERS; i++)
		if (write(ends[1], &i, sizeof(i)) != sizeof(i))
			return 1;
	close(ends[1]);
	return waitpid(child, NULL, 0) == child ? 0 : 1;
}
