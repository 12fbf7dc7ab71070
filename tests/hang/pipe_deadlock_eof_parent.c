/* The child reads until the end; the parent has written all, but waits for the child before it
 * closes its end. */
#include <unistd.h>

#include "support/hang.h"

static void count(int from)
{
	char buffer[16];
	ssize_t length;
	int total = 0;

	while ((length = read(from, buffer, sizeof(buffer))) > 0) {
		total += (int)length;
		if (total == 5)
			hang_sleep();
	}
	_exit(total != 5);
}

int main(int argc, char **argv)
{
	pid_t child;
	int ends[2];

	hang_begin(argc, argv);
	if (pipe(ends) != 0)
		return 1;
	child = fork();
	if (child == 0) {
		close(ends[1]);
		count(ends[0]);
	}
	close(ends[0]);
	if (write(ends[1], "hello", 5) != 5)
		return 1;
	if (hang_fixed)
		close(ends[1]);
	hang_last(1);
	return hang_reap(child);
}
