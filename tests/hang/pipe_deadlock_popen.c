/* A helper process, forked while a popen() stream is open, keeps the stream's pipe open: `cat` does
 * not see the end, pclose() waits for `cat`, and the helper for the parent. */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "support/hang.h"

static pid_t start_helper(FILE *stream, int orders[2])
{
	pid_t child = fork();
	char order;

	if (child != 0) {
		close(orders[0]);
		return child;
	}
	if (hang_fixed)
		close(fileno(stream));
	close(orders[1]);
	hang_sleep();
	_exit(read(orders[0], &order, 1) != 0);
}

int main(int argc, char **argv)
{
	FILE *stream;
	pid_t helper;
	int orders[2];

	hang_begin(argc, argv);
	if (pipe2(orders, O_CLOEXEC) != 0)
		return 1;
	fflush(stdout);
	stream = popen("exec cat >/dev/null", "w");
	if (!stream)
		return 1;
	helper = start_helper(stream, orders);
	fputs("hello\n", stream);
	fflush(stream);
	hang_last(1);
	if (pclose(stream) != 0)
		return 1;
	close(orders[1]);
	return hang_reap(helper);
}
