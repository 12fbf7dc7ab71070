/*
 * Streams over loopback and Unix sockets, in one thread: every call, also where it is refused.
 * Prints what the trace must have (said.h):   socket_stream FOLDER
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

#include "said.h"

static void *volatile BAD = (void *)8;

static char big[1 << 20];

struct name {
	union {
		struct sockaddr any;
		struct sockaddr_in in;
		struct sockaddr_un un;
	};
	socklen_t size;
};

static struct name tcp_name(void)
{
	return (struct name){.in = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}},
			     .size = sizeof(struct sockaddr_in)};
}

static struct name unix_name(const char *folder, const char *file)
{
	struct name name = {.un = {.sun_family = AF_UNIX}};

	snprintf(name.un.sun_path, sizeof(name.un.sun_path), "%s/%s", folder, file);
	name.size =
		(socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(name.un.sun_path) + 1);
	return name;
}

static int new_socket(int domain, int flags)
{
	int fd = socket(domain, SOCK_STREAM | flags, 0);

	need(fd >= 0, "socket");
	return fd;
}

static int new_listener(struct name *name, int backlog)
{
	int fd = new_socket(name->any.sa_family, 0);

	if (name->any.sa_family == AF_UNIX)
		unlink(name->un.sun_path);
	said_before("bind", bind(fd, &name->any, name->size), (unsigned)fd);
	said_before("listen", listen(fd, backlog), (unsigned)backlog);
	getsockname(fd, &name->any, &name->size);
	return fd;
}

static int accept_one(int listener)
{
	int fd = accept(listener, NULL, NULL);

	said("accept", fd, inode_of(fd));
	return fd;
}

static void transfer(int here, int there)
{
	char text[100];
	struct iovec parts[2] = {{"ab", 2}, {"cde", 3}}, into[2] = {{text, 2}, {text + 2, 90}};
	struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};
	struct msghdr received = {.msg_iov = into, .msg_iovlen = 2};

	say("send", send(here, "12345", 5, 0));
	need(recv(there, text, 5, MSG_PEEK) == 5, "peek");
	said("recv", 0, 0); /* a peek takes nothing */
	say("recv", recv(there, text, 2, 0));
	say("recv", recv(there, text, 100, MSG_DONTWAIT));
	say("recv", recv(there, text, 100, MSG_DONTWAIT));
	say("write", write(here, "abc", 3));
	say("read", read(there, text, 100));
	say("write", writev(here, parts, 2));
	say("read", readv(there, into, 2));
	say("write", pwritev2(here, parts, 2, -1, 0));
	say("read", preadv2(there, into, 2, -1, 0));
	say("send", sendmsg(here, &message, 0));
	say("recv", recvmsg(there, &received, 0));
	say("send", sendto(here, "abcd", 4, 0, NULL, 0));
	say("recv", recvfrom(there, text, 100, 0, NULL, NULL));
	say("send", send(here, "123456789", 9, 0));
	say("recv", recv(there, text, 9, MSG_WAITALL));
}

/* Until it is full, and then what is left of it. */
static void partial(int here, int there)
{
	long sent = 0, received = 0, n;

	fcntl(here, F_SETFL, O_NONBLOCK);
	while ((n = say("send", send(here, big, sizeof(big), 0))) > 0)
		sent += n;
	fcntl(here, F_SETFL, 0);
	said_before("shutdown", shutdown(here, SHUT_WR), SHUT_WR);
	while ((n = say("recv", recv(there, big, sizeof(big), 0))) > 0)
		received += n;
	printf("# %s\n", sent == received ? "all came" : "something was lost");
}

static void refused(int here, int there, const struct name *name)
{
	struct timeval limit = {0, 10000};
	char text[10];

	setsockopt(there, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	say("recv", recv(there, text, 10, 0)); /* the time is over */
	say("send", send(here, BAD, 10, 0));
	say("send", sendmsg(here, BAD, 0));
	say("recv", recvmsg(here, BAD, 0));
	say("send", send(here, "abc", 3, 0));
	say("recv", recv(there, BAD, 3, 0));
	say("recv", recvfrom(there, BAD, 3, 0, NULL, NULL));
	say("read", read(there, BAD, 3));
	say("connect", connect(here, BAD, 16));
	said_before("bind", bind(here, BAD, 16), (unsigned)here);
	said_before("bind", bind(here, &name->any, 1), (unsigned)here);
	said_before("shutdown", shutdown(here, 17), 17);
	said_before("listen", listen(here, 1), 1);
	say("accept", accept(here, NULL, NULL));
}

/* Ends with a peer that is gone. */
static void broken(int here, int there)
{
	char text[10];

	said_before("shutdown", shutdown(there, SHUT_RD), SHUT_RD);
	close(there);
	say("recv", recv(here, text, 10, 0));
	say("send", send(here, "abc", 3, MSG_NOSIGNAL)); /* TCP notices only now */
	say("send", send(here, "abc", 3, MSG_NOSIGNAL));
	say("write", write(here, "abc", 3));
	say("recv", recv(here, text, 10, 0));
}

static void pair_over(struct name name)
{
	int listener = new_listener(&name, 5), here = new_socket(name.any.sa_family, 0), there,
	    copy;

	said("connect", connect(here, &name.any, name.size), (unsigned)here);
	there = accept_one(listener);
	transfer(here, there);
	refused(here, there, &name);
	copy = dup(there);
	close(there);
	transfer(here, copy);
	partial(here, copy);
	close(copy);
	close(here);

	here = new_socket(name.any.sa_family, 0);
	said("connect", connect(here, &name.any, name.size), (unsigned)here);
	there = accept_one(listener);
	if (name.any.sa_family == AF_UNIX)
		broken(here, there);
	close(here);
	close(listener);
	here = new_socket(name.any.sa_family, 0);
	say("connect", connect(here, &name.any, name.size)); /* nobody listens any more */
	close(here);
}

static void not_waiting(void)
{
	struct name name = tcp_name();
	int listener = new_listener(&name, 5), here = new_socket(AF_INET, SOCK_NONBLOCK), there;
	char text[10];

	fcntl(listener, F_SETFL, O_NONBLOCK);
	say("accept", accept(listener, NULL, NULL));
	say("connect", connect(here, &name.any, name.size)); /* EINPROGRESS */
	there = accept4(listener, BAD, BAD, SOCK_CLOEXEC);
	say("accept", there);
	close(here);

	here = new_socket(AF_INET, 0);
	said("connect", connect(here, &name.any, name.size), (unsigned)here);
	there = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	said("accept", there, inode_of(there));
	printf("# %d %d\n", fcntl(there, F_GETFD), fcntl(there, F_GETFL) & O_NONBLOCK);
	say("accept", accept4(listener, NULL, NULL, 12345));
	say("recv", recv(there, text, 10, 0));
	close(here);
	close(there);
	close(listener);
}

/* A queue of connections that is full. */
static void full(const char *folder)
{
	struct name name = unix_name(folder, "full");
	int listener = new_listener(&name, 0), fds[4];

	for (int i = 0; i < 4; i++) {
		fds[i] = new_socket(AF_UNIX, SOCK_NONBLOCK);
		said("connect", connect(fds[i], &name.any, name.size), (unsigned)fds[i]);
	}
	for (int i = 0; i < 4; i++)
		close(fds[i]);
	close(listener);
}

static void no_sockets(void)
{
	int fds[2], none;
	char text[10];

	need(pipe(fds) == 0, "pipe");
	say("send", send(fds[1], "abc", 3, 0));
	say("recv", recv(fds[0], text, 3, 0));
	say("accept", accept(fds[0], NULL, NULL));
	said_before("listen", listen(fds[0], 1), 1);
	close(fds[0]);
	close(fds[1]);
	/* these leave no event: not descriptors, or not of a kind that is tracked */
	printf("# %d", send(-1, "abc", 3, 0) < 0 ? errno : 0);
	printf(" %d", recv(1 << 20, text, 3, 0) < 0 ? errno : 0);
	printf(" %d", accept(fds[0], NULL, NULL) < 0 ? errno : 0);
	printf(" %d", connect(-1, NULL, 0) < 0 ? errno : 0);
	printf(" %d", socket(-1, SOCK_STREAM, 0) < 0 ? errno : 0);
	printf(" %d\n", socketpair(AF_UNIX, SOCK_STREAM, 0, BAD) < 0 ? errno : 0);
	none = socket(AF_NETLINK, SOCK_RAW, 0);
	printf("# %d\n", recv(none, text, 3, MSG_DONTWAIT) < 0 ? errno : 0);
	close(none);
}

int main(int argc, char **argv)
{
	if (argc < 2)
		return 2;
	signal(SIGPIPE, SIG_IGN);
	pair_over(tcp_name());
	pair_over(unix_name(argv[1], "stream"));
	not_waiting();
	full(argv[1]);
	no_sockets();
	return 0;
}
