/*
 * SIGPIPE is ignored, or blocked for one call (MSG_NOSIGNAL), and EPIPE is looked at: the writer
 * stops when nobody reads.
 */
#include <errno.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

static int write_until_refused(int end)
{
	while (write(end, "x", 1) == 1)
		;
	return errno == EPIPE;
}

int main(void)
{
	int ends[2], sockets[2];

	if (pipe(ends) != 0 || socketpair(AF_UNIX, SOCK_STREAM, 0, sockets) != 0)
		return 1;
	close(sockets[0]);
	if (send(sockets[1], "x", 1, MSG_NOSIGNAL) >= 0 || errno != EPIPE)
		return 2;
	close(sockets[1]);
	signal(SIGPIPE, SIG_IGN);
	close(ends[0]);
	if (!write_until_refused(ends[1]))
		return 3;
	return close(ends[1]);
}
