/*
 * Teaches: why the consumer must close its own copy of the write end.
 *
 * As pipe_prodcons, but the child forgets to: the pipe has a writer for ever, the child itself, so
 * read never returns 0; and the parent waits for the child. It hangs: conctrace's wait-for graph
 * shows the parent waiting for the child and the child waiting for the pipe.
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
	if (child == 0)
		return consume(ends[0]); /* close(ends[1]) is missing */
	close(ends[0]);
	for (int i = 1; i <= NUMBERS; i++)
		if (write(ends[1], &i, sizeof(i)) != sizeof(i))
			return 1;
	close(ends[1]);
	return waitpid(child, NULL, 0) == child ? 0 : 1;
}
