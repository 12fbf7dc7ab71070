/* Two children that read until the end. The second has inherited the write end of the first one's
 * pipe; the parent closes its own one and waits for the first. */
#include <unistd.h>

#include "support/hang.h"

static pid_t start_reader(int ends[2])
{
	char byte;
	pid_t child = fork();

	if (child != 0) {
		close(ends[0]);
		return child;
	}
	close(ends[1]);
	hang_sleep();
	while (read(ends[0], &byte, 1) > 0)
		;
	_exit(0);
}

int main(int argc, char **argv)
{
	int first[2], second[2];
	pid_t children[2];

	hang_begin(argc, argv);
	if (pipe(first) != 0)
		return 1;
	children[0] = start_reader(first);
	if (hang_fixed)
		close(first[1]);
	if (pipe(second) != 0)
		return 1;
	children[1] = start_reader(second);
	if (!hang_fixed)
		close(first[1]);
	hang_last(2);
	if (hang_reap(children[0]) != 0)
		return 1;
	close(second[1]);
	return hang_reap(children[1]);
}
