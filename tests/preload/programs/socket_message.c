/*
 * Datagrams, several messages in one call, and descriptors that travel in messages, in one thread.
 * Prints what the trace must have (said.h).
 */
#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "said.h"

enum { MESSAGES = 3 };

static void *volatile bad = (void *)8;

/* Declared where _FORTIFY_SOURCE is set only. */
ssize_t __recv_chk(int fd, void *buffer, size_t size, size_t room, int flags);
ssize_t __recvfrom_chk(int fd, void *buffer, size_t size, size_t room, int flags,
		       struct sockaddr *address, socklen_t *address_size);
ssize_t __read_chk(int fd, void *buffer, size_t size, size_t room);

static void make_pair(int type, int fds[2])
{
	need(socketpair(AF_UNIX, type, 0, fds) == 0, "socketpair");
}

static void close_both(const int fds[2])
{
	close(fds[0]);
	close(fds[1]);
}

static void datagrams(void)
{
	int fds[2];
	char text[100];

	make_pair(SOCK_DGRAM, fds);
	say("send", send(fds[0], "12345", 5, 0));
	say("recv", recv(fds[1], text, 2, 0)); /* the rest is lost */
	say("recv", recv(fds[1], text, 2, MSG_DONTWAIT));
	say("send", send(fds[0], "12345", 5, 0));
	say("recv", recv(fds[1], text, 2, MSG_TRUNC)); /* as long as it was */
	say("send", send(fds[0], "", 0, 0));
	say("recv", recv(fds[1], text, 2, 0));
	say("send", send(fds[0], "abcdef", 6, MSG_DONTWAIT));
	say("recv", __recv_chk(fds[1], text, 100, 100, 0));
	say("send", send(fds[0], "abcdef", 6, MSG_DONTWAIT));
	say("recv", __recvfrom_chk(fds[1], text, 100, 100, 0, NULL, NULL));
	say("send", send(fds[0], "abcdef", 6, MSG_DONTWAIT));
	say("read", __read_chk(fds[1], text, 100, 100));
	close_both(fds);
}

/* Over names: "@" is an abstract one. */
static void named(void)
{
	struct sockaddr_un name = {.sun_family = AF_UNIX}, from;
	socklen_t size = offsetof(struct sockaddr_un, sun_path) + 1, from_size = sizeof(from);
	int there = socket(AF_UNIX, SOCK_DGRAM, 0), here = socket(AF_UNIX, SOCK_DGRAM, 0);
	char text[10];

	size += (socklen_t)snprintf(name.sun_path + 1, 50, "ct-test-%d", (int)getpid());
	need(bind(there, (struct sockaddr *)&name, size) == 0, "bind");
	say("send", sendto(here, "ab", 2, 0, (struct sockaddr *)&name, size));
	say("recv", recvfrom(there, text, 10, 0, (struct sockaddr *)&from, &from_size));
	need(connect(here, (struct sockaddr *)&name, size) == 0, "connect");
	say("send", send(here, "abc", 3, 0));
	say("recv", recv(there, text, 10, 0));
	close(there);
	say("send", send(here, "abc", 3, 0)); /* ECONNREFUSED */
	close(here);
}

static void several(void)
{
	struct timespec limit = {0, 10000000};
	struct mmsghdr out[MESSAGES], in[MESSAGES + 1];
	struct iovec parts[MESSAGES], into[MESSAGES + 1];
	char text[MESSAGES + 1][10];
	int fds[2], n;

	make_pair(SOCK_DGRAM, fds);
	for (int i = 0; i < MESSAGES; i++) {
		parts[i] = (struct iovec){"abcdefgh", (size_t)i + 2};
		out[i] = (struct mmsghdr){.msg_hdr = {.msg_iov = &parts[i], .msg_iovlen = 1}};
	}
	for (int i = 0; i < MESSAGES + 1; i++) {
		into[i] = (struct iovec){text[i], 10};
		in[i] = (struct mmsghdr){.msg_hdr = {.msg_iov = &into[i], .msg_iovlen = 1}};
	}
	n = sendmmsg(fds[0], out, MESSAGES, 0);
	said("send", n, 2 + 3 + 4);
	n = recvmmsg(fds[1], in, MESSAGES + 1, MSG_DONTWAIT, NULL);
	said("recv", n, 2 + 3 + 4);
	n = recvmmsg(fds[1], in, MESSAGES + 1, MSG_DONTWAIT, NULL);
	said("recv", n, 0);
	out[1].msg_hdr.msg_iov = bad; /* the first one goes out all the same */
	n = sendmmsg(fds[0], out, MESSAGES, 0);
	said("send", n, 2);
	n = recvmmsg(fds[1], in, 1, 0, &limit);
	said("recv", n, 2);
	n = sendmmsg(fds[0], bad, 1, 0);
	said("send", n, 0);
	n = recvmmsg(fds[1], bad, 1, MSG_DONTWAIT, NULL);
	said("recv", n, 0);
	close_both(fds);
}

/* Sends two descriptors; what the receiver gets is other numbers of the same objects. */
static void pass(int from, int to, const int sent[2], int received[2], int flags)
{
	union {
		char bytes[CMSG_SPACE(2 * sizeof(int))];
		struct cmsghdr header;
	} control = {.header = {.cmsg_len = CMSG_LEN(2 * sizeof(int)),
				.cmsg_level = SOL_SOCKET,
				.cmsg_type = SCM_RIGHTS}};
	char text[10];
	struct iovec part = {"rights", 6}, into = {text, 10};
	struct msghdr out = {.msg_iov = &part,
			     .msg_iovlen = 1,
			     .msg_control = control.bytes,
			     .msg_controllen = sizeof(control.bytes)};
	struct msghdr in = {.msg_iov = &into,
			    .msg_iovlen = 1,
			    .msg_control = control.bytes,
			    .msg_controllen = sizeof(control.bytes)};

	memcpy(CMSG_DATA(&control.header), sent, 2 * sizeof(int));
	say("send", sendmsg(from, &out, 0));
	memset(&control, 0, sizeof(control));
	said("recv", recvmsg(to, &in, flags), flags & MSG_PEEK ? 0 : 6);
	need(control.header.cmsg_type == SCM_RIGHTS, "descriptors");
	memcpy(received, CMSG_DATA(&control.header), 2 * sizeof(int));
}

static void rights(void)
{
	int way[2], pair[2], data[2], event[2] = {eventfd(0, 0), -1}, got[2], status;
	char text[10];

	make_pair(SOCK_STREAM, way);
	make_pair(SOCK_STREAM, pair);
	need(pipe(data) == 0, "pipe");
	pass(way[0], way[1], (int[]){data[0], pair[0]}, got, 0);
	say("write", write(data[1], "abc", 3));
	say("read", read(got[0], text, 10));
	say("send", send(got[1], "abcd", 4, 0));
	say("recv", recv(pair[1], text, 10, 0));
	close_both(got);
	pass(way[0], way[1], (int[]){event[0], data[1]}, got, MSG_CMSG_CLOEXEC);
	said("eventfd_write", eventfd_write(event[0], 7), 7);
	said("eventfd_read", eventfd_read(got[0], (eventfd_t *)text), 7);
	say("write", write(got[1], "a", 1));
	printf("# %d\n", fcntl(got[0], F_GETFD));
	close_both(got);
	fflush(stdout);
	/* its child's events are another process's */
	if (fork() == 0)
		_exit(0);
	need(wait(&status) > 0, "wait");
	close_both(way);
	close_both(pair);
	close_both(data);
	close(event[0]);
}

int main(void)
{
	datagrams();
	named();
	several();
	rights();
	return 0;
}
