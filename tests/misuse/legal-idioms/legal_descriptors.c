/*
 * Descriptors that stay open as they should: a pipe and an eventfd that live as long as the
 * program, one end sent to another process over a socket, ends of a pipe that a child inherits and
 * uses, and a pipe that is opened and closed again and again.
 */
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static int wake_ends[2], events;

static int send_end(int socket, int end)
{
	char control[CMSG_SPACE(sizeof end)] = "", byte = 'x';
	struct iovec data = {&byte, 1};
	struct msghdr message = {.msg_iov = &data,
				 .msg_iovlen = 1,
				 .msg_control = control,
				 .msg_controllen = sizeof control};
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);

	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof end);
	memcpy(CMSG_DATA(header), &end, sizeof end);
	return sendmsg(socket, &message, 0) == 1;
}

static int receive_end(int socket)
{
	char control[CMSG_SPACE(sizeof(int))] = "", byte;
	struct iovec data = {&byte, 1};
	struct msghdr message = {.msg_iov = &data,
				 .msg_iovlen = 1,
				 .msg_control = control,
				 .msg_controllen = sizeof control};
	int end = -1;

	if (recvmsg(socket, &message, 0) == 1)
		memcpy(&end, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof end);
	return end;
}

static int pass_on(void)
{
	int sockets[2], ends[2], status = 1;
	char byte;

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, sockets) != 0)
		return 1;
	pid_t child = fork();
	if (child == 0) {
		close(sockets[0]);
		int end = receive_end(sockets[1]);
		_exit(write(end, "y", 1) != 1 || close(end) != 0);
	}
	close(sockets[1]);
	if (pipe(ends) != 0 || !send_end(sockets[0], ends[1]))
		return 1;
	close(ends[1]);
	int failed = read(ends[0], &byte, 1) != 1 || read(ends[0], &byte, 1) != 0;
	waitpid(child, &status, 0);
	close(ends[0]);
	close(sockets[0]);
	return status | failed;
}

static int again_and_again(void)
{
	for (int i = 0; i < 50; i++) {
		int ends[2];

		if (pipe(ends) != 0 || write(ends[1], "x", 1) != 1)
			return 1;
		close(ends[1]);
		close(ends[0]);
	}
	return 0;
}

int main(void)
{
	events = eventfd(1, EFD_CLOEXEC);
	if (pipe(wake_ends) != 0 || write(wake_ends[1], "w", 1) != 1)
		return 1;
	return pass_on() | again_and_again();
}
