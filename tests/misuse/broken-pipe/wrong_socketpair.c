/*
 * The other end of the pair of sockets is closed, and the child, which sends without MSG_NOSIGNAL,
 * is killed by SIGPIPE.
 *
 * expect: broken-pipe - send_word hang_up warning
 */
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static int ends[2], go[2];

static void send_word(void)
{
	send(ends[1], "word", 4, 0);
}

static void work(void)
{
	char byte = '.';

	close(ends[0]);
	close(go[1]);
	if (write(ends[1], &byte, 1) == 1 && read(go[0], &byte, 1) == 0)
		send_word();
	_exit(0);
}

static void hang_up(void)
{
	close(ends[0]);
}

int main(void)
{
	char ready;

	if (pipe(go) || socketpair(AF_UNIX, SOCK_STREAM, 0, ends))
		return 1;
	if (fork() == 0)
		work();
	close(ends[1]);
	if (read(ends[0], &ready, 1) != 1)
		return 1;
	hang_up();
	close(go[1]);
	wait(NULL);
	return 0;
}
