/* The parent reads what its child writes until the end, but has the write end open itself. */
#include <unistd.h>

#include "support/hang.h"

int main(int argc, char **argv)
{
	char buffer[16];
	ssize_t length;
	pid_t child;
	int ends[2];

	hang_begin(argc, argv);
	if (pipe(ends) != 0)
		return 1;
	child = fork();
	if (child == 0)
		_exit(write(ends[1], "hello", 5) != 5);
	if (hang_fixed)
		close(ends[1]);
	if (hang_reap(child) != 0)
		return 1;
	while ((length = read(ends[0], buffer, sizeof(buffer))) > 0)
		hang_last(0);
	return length != 0;
}
