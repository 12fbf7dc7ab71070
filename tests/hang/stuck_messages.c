/* Two processes: each waits for a message of the other before it sends its own. */
#include <sys/ipc.h>
#include <sys/msg.h>
#include <unistd.h>

#include "support/hang.h"

struct message {
	long type;
	int value;
};

enum { REQUEST = 1, REPLY };

static int queue;

static int send(long type)
{
	struct message message = {.type = type};

	return msgsnd(queue, &message, sizeof(message.value), 0);
}

static int receive(long type)
{
	struct message message;

	return msgrcv(queue, &message, sizeof(message.value), type, 0) < 0;
}

int main(int argc, char **argv)
{
	pid_t server;
	int failed;

	hang_begin(argc, argv);
	queue = msgget(IPC_PRIVATE, 0600);
	if (queue < 0)
		return 1;
	hang_litter("msg", queue);
	server = fork();
	if (server == 0) {
		hang_sleep();
		failed = receive(REQUEST) || send(REPLY);
		_exit(failed);
	}
	if (hang_fixed && send(REQUEST) != 0)
		return 1;
	hang_last(1);
	failed = receive(REPLY) || (!hang_fixed && send(REQUEST) != 0);
	failed |= hang_reap(server);
	msgctl(queue, IPC_RMID, NULL);
	return failed;
}
