/* Bytes through a pair of sockets say whose turn it is. */
#include <sys/socket.h>

#include "race_pair.h"

int race_value;
int sockets[2];

static void first(void)
{
	race_turns(sockets[0], sockets[0], 1);
}

static void second(void)
{
	race_turns(sockets[1], sockets[1], 0);
}

int main(void)
{
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, sockets))
		return 1;
	race_run(first, second);
	race_use(race_value);
	return race_end();
}
