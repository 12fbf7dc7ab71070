/*
 * Connections between two processes, of which the trace tells the two ends:
 *   socket_ends tcp|tcp6|mixed|path|abstract|pair|datagrams|exec FILE
 * Prints "ends SERVER CLIENT", inodes. With exec the client is another program image, which has
 * inherited its socket:   socket_ends client FD
 */
#include <arpa/inet.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "said.h"

static struct {
	union {
		struct sockaddr any;
		struct sockaddr_in in;
		struct sockaddr_in6 in6;
		struct sockaddr_un un;
	};
	socklen_t size;
} name;
static int type = SOCK_STREAM;

static void name_it(const char *kind, const char *file)
{
	if (!strcmp(kind, "tcp")) {
		name.in.sin_family = AF_INET;
		name.in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
		name.size = sizeof(name.in);
	} else if (!strcmp(kind, "tcp6") || !strcmp(kind, "mixed")) {
		name.in6.sin6_family = AF_INET6;
		name.in6.sin6_addr = *kind == 't' ? in6addr_loopback : in6addr_any;
		name.size = sizeof(name.in6);
	} else {
		int hidden = strcmp(kind, "path") != 0;

		name.un.sun_family = AF_UNIX;
		snprintf(name.un.sun_path + hidden, sizeof(name.un.sun_path) - 1, "%s", file);
		name.size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(file) + 1);
		unlink(file);
	}
}

static int listener(void)
{
	int fd = socket(name.any.sa_family, type, 0);

	need(fd >= 0 && bind(fd, &name.any, name.size) == 0, "bind");
	need(type == SOCK_DGRAM || listen(fd, 5) == 0, "listen");
	getsockname(fd, &name.any, &name.size);
	return fd;
}

static int connected(const char *kind)
{
	int fd;

	if (!strcmp(kind, "mixed")) { /* an IPv4 client of a server for both */
		in_port_t port = name.in6.sin6_port;

		memset(&name, 0, sizeof(name));
		name_it("tcp", "");
		name.in.sin_port = port;
	}
	fd = socket(name.any.sa_family, type, 0);
	need(fd >= 0 && connect(fd, &name.any, name.size) == 0, "connect");
	return fd;
}

/* The client tells its inode, and waits for an answer. */
static int client(int fd)
{
	unsigned long inode = inode_of(fd);
	char text[10];

	need(send(fd, &inode, sizeof(inode), 0) == sizeof(inode), "send");
	if (type == SOCK_STREAM) {
		need(recv(fd, text, 6, MSG_WAITALL) == 6, "recv");
		need(shutdown(fd, SHUT_WR) == 0, "shutdown");
	}
	return 0;
}

static void exec_client(const char *self, int fd)
{
	char number[20];

	snprintf(number, sizeof(number), "%d", fd);
	execl(self, self, "client", number, (char *)NULL);
	_exit(127);
}

int main(int argc, char **argv)
{
	unsigned long inode = 0;
	int pair[2] = {-1, -1}, server, status;
	const char *kind = argc > 2 ? argv[1] : "";
	char text[10];
	pid_t child;

	if (!strcmp(kind, "client"))
		return client(atoi(argv[2]));
	if (!strcmp(kind, "datagrams"))
		type = SOCK_DGRAM;
	name_it(!strcmp(kind, "exec") ? "tcp" : kind, argv[2]);
	if (!strcmp(kind, "pair"))
		need(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0, "socketpair");
	else
		pair[0] = listener();
	child = fork();
	if (child == 0) {
		int fd = pair[1] >= 0 ? pair[1] : connected(kind);

		if (!strcmp(kind, "exec"))
			exec_client(argv[0], fd);
		_exit(client(fd));
	}
	close(pair[1]);
	server = pair[1] < 0 && type == SOCK_STREAM ? accept(pair[0], NULL, NULL) : pair[0];
	need(recv(server, &inode, sizeof(inode), 0) == sizeof(inode), "recv");
	if (type == SOCK_STREAM) {
		need(write(server, "answer", 6) == 6, "write");
		need(read(server, text, 1) == 0, "end of file");
	}
	need(waitpid(child, &status, 0) == child && status == 0, "client");
	printf("ends %lu %lu\n", inode_of(server), inode);
	return 0;
}
