/*
 * One call that has to wait: cancelled, interrupted, interrupted and restarted until it gets what
 * it waits for. Prints what the trace must have (said.h). socket_waits CALL socket_waits CALL
 * for-ever     prints the object that it waits for, and does
 */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

#include "asleep.h"
#include "said.h"

static int fd, other; /* the call waits for the one, and is helped by the other */
static struct sockaddr_un name = {.sun_family = AF_UNIX};
static socklen_t name_size;
static char text[65536];
static struct iovec part = {text, 10}; /* 8 or more, for eventfds */
static struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
static struct mmsghdr several = {.msg_hdr = {.msg_iov = &part, .msg_iovlen = 1}};
static uint64_t value;
static sigset_t usr2;

static void make_pair(void)
{
	int fds[2];

	need(socketpair(AF_UNIX, SOCK_STREAM, 0, fds) == 0, "socketpair");
	fd = fds[0];
	other = fds[1];
}

/* Not by send: only what is printed is to be in the trace. */
static void fill(void)
{
	make_pair();
	fcntl(fd, F_SETFL, O_NONBLOCK);
	while (write(fd, text, sizeof(text)) > 0)
		;
	while (write(fd, text, 1) > 0)
		;
	fcntl(fd, F_SETFL, 0);
}

static void drain(void)
{
	fcntl(other, F_SETFL, O_NONBLOCK);
	while (read(other, text, sizeof(text)) > 0)
		;
}

static void give(void)
{
	need(write(other, "abc", 3) == 3, "write");
}

static int listener(void)
{
	int new = socket(AF_UNIX, SOCK_STREAM, 0);

	name_size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1);
	name_size += (socklen_t)snprintf(name.sun_path + 1, 50, "ct-waits-%d", (int)getpid());
	need(bind(new, (struct sockaddr *)&name, name_size) == 0, "bind");
	need(listen(new, 0) == 0, "listen");
	return new;
}

/* By the kernel directly, as in fill(). */
static void connect_one(void)
{
	int new = socket(AF_UNIX, SOCK_STREAM, 0);

	need(syscall(SYS_connect, new, &name, name_size) == 0, "connect");
}

static void accept_one(void)
{
	need(syscall(SYS_accept, other, NULL, NULL) >= 0, "accept");
}

static void expecting(void)
{
	fd = listener();
}

static void crowded(void)
{
	other = listener();
	connect_one();
	fd = socket(AF_UNIX, SOCK_STREAM, 0);
}

static void empty_pipe(void)
{
	int fds[2], old;

	make_pair();
	old = fd;
	need(pipe(fds) == 0, "pipe");
	fd = fds[0];
	other = fds[1];
	dup2(old, 50);
}

static void counter(void)
{
	fd = eventfd(0, 0);
}

static void full_counter(void)
{
	uint64_t most = UINT64_C(0xfffffffffffffffe);

	fd = eventfd(0, 0);
	need(syscall(SYS_write, fd, &most, sizeof(most)) == sizeof(most), "write");
	value = 1;
}

static void count(void)
{
	need(eventfd_write(fd, 5) == 0, "eventfd_write");
}

static void uncount(void)
{
	need(syscall(SYS_read, fd, text, 8) == 8, "read");
}

static void timer(void)
{
	fd = timerfd_create(CLOCK_REALTIME, 0);
}

static void arm(void)
{
	struct itimerspec soon = {.it_value = {0, 1}};

	need(timerfd_settime(fd, 0, &soon, NULL) == 0, "timerfd_settime");
}

static void signals(void)
{
	fd = signalfd(-1, &usr2, 0);
}

static void signal_self(void)
{
	kill(getpid(), SIGUSR2);
}

#define CALL(name, call)                                                                           \
	static long do_##name(void)                                                                \
	{                                                                                          \
		return call;                                                                       \
	}

CALL(recv, recv(fd, text, 10, 0))
CALL(recvfrom, recvfrom(fd, text, 10, 0, NULL, NULL))
CALL(recvmsg, recvmsg(fd, &message, 0))
CALL(recvmmsg, recvmmsg(fd, &several, 1, 0, NULL))
CALL(send, send(fd, text, 3, 0))
CALL(sendto, sendto(fd, text, 3, 0, NULL, 0))
CALL(sendmsg, sendmsg(fd, &message, 0))
CALL(sendmmsg, sendmmsg(fd, &several, 1, 0))
CALL(accept, accept(fd, NULL, NULL))
CALL(accept4, accept4(fd, NULL, NULL, SOCK_CLOEXEC))
CALL(connect, connect(fd, (struct sockaddr *)&name, name_size))
CALL(splice, splice(fd, NULL, 50, NULL, 10, 0))
CALL(eventfd_read, eventfd_read(fd, &value))
CALL(eventfd_write, eventfd_write(fd, value))
CALL(read, read(fd, text, 1000))
CALL(readv, readv(fd, &part, 1))
CALL(write, write(fd, &value, sizeof(value)))
#undef CALL

static const struct waiting {
	const char *name, *event;
	void (*prepare)(void);
	long (*call)(void);
	void (*help)(void);
	long argument; /* of its completion; -1: the inode of what it returns, -2: the descriptor */
} calls[] = {
	{"recv", "recv", make_pair, do_recv, give, 3},
	{"recvfrom", "recv", make_pair, do_recvfrom, give, 3},
	{"recvmsg", "recv", make_pair, do_recvmsg, give, 3},
	{"recvmmsg", "recv", make_pair, do_recvmmsg, give, 3},
	{"send", "send", fill, do_send, drain, 3},
	{"sendto", "send", fill, do_sendto, drain, 3},
	{"sendmsg", "send", fill, do_sendmsg, drain, 10},
	{"sendmmsg", "send", fill, do_sendmmsg, drain, 10},
	{"accept", "accept", expecting, do_accept, connect_one, -1},
	{"accept4", "accept", expecting, do_accept4, connect_one, -1},
	{"connect", "connect", crowded, do_connect, accept_one, -2},
	{"splice", "read", empty_pipe, do_splice, give, 3},
	{"eventfd_read", "eventfd_read", counter, do_eventfd_read, count, 5},
	{"eventfd_readv", "eventfd_read", counter, do_readv, count, 5},
	{"eventfd_write", "eventfd_write", full_counter, do_eventfd_write, uncount, 1},
	{"eventfd_by_write", "eventfd_write", full_counter, do_write, uncount, 1},
	{"timerfd", "read", timer, do_read, arm, 8},
	{"signalfd", "read", signals, do_read, signal_self, 128},
};

static const struct waiting *chosen;
static pid_t tid;
static volatile sig_atomic_t handled;

static void handler(int number)
{
	(void)number;
	handled = 1;
}

static void *waiter(void *out_result)
{
	long *result = out_result;

	__atomic_store_n(&tid, (pid_t)syscall(SYS_gettid), __ATOMIC_RELEASE);
	*result = chosen->call();
	if (*result < 0)
		*result = -errno;
	return NULL;
}

/* Negative: an errno value. */
static long wait_for(void (*interrupt)(pthread_t), void (*help)(void))
{
	pthread_t thread;
	void *end;
	long result = -1;

	tid = 0;
	handled = 0;
	need(pthread_create(&thread, NULL, waiter, &result) == 0, "pthread_create");
	asleep_wait_for(&tid);
	interrupt(thread);
	while (help && !handled)
		asleep_pause();
	if (help) {
		asleep_wait(tid);
		help();
	}
	pthread_join(thread, &end);
	return end == PTHREAD_CANCELED ? -ECANCELED : result;
}

static void cancel(pthread_t thread)
{
	pthread_cancel(thread);
}

static void interrupt(pthread_t thread)
{
	pthread_kill(thread, SIGUSR1);
}

static void print(long result)
{
	unsigned long argument = (unsigned long)chosen->argument;

	if (result < 0) {
		errno = (int)-result;
		result = -1;
	} else if (chosen->argument == -1) {
		argument = inode_of((int)result);
	} else if (chosen->argument == -2) {
		argument = (unsigned)fd;
	}
	said(chosen->event, result, argument);
}

static unsigned long object(void)
{
	char path[64], line[64];
	unsigned long id = inode_of(fd);
	FILE *info;

	if (!strcmp(chosen->name, "timerfd") || !strcmp(chosen->name, "signalfd"))
		return 0; /* the recorder gives it a number */
	if (strncmp(chosen->name, "eventfd", 7) != 0)
		return id;
	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", fd);
	info = fopen(path, "r");
	need(info != NULL, path);
	while (fgets(line, sizeof(line), info))
		if (sscanf(line, "eventfd-id: %lu", &id) == 1)
			break;
	fclose(info);
	return 1UL << 56 | id;
}

int main(int argc, char **argv)
{
	struct sigaction action = {.sa_handler = handler};

	for (size_t i = 0; argc > 1 && i < sizeof(calls) / sizeof(*calls); i++)
		if (!strcmp(argv[1], calls[i].name))
			chosen = &calls[i];
	if (!chosen)
		return 2;
	sigemptyset(&usr2);
	sigaddset(&usr2, SIGUSR2);
	sigprocmask(SIG_BLOCK, &usr2, NULL);
	chosen->prepare();
	if (argc > 2) {
		dprintf(1, "%lu\n", object());
		return chosen->call() < 0;
	}
	print(wait_for(cancel, NULL));
	sigaction(SIGUSR1, &action, NULL);
	print(wait_for(interrupt, NULL));
	action.sa_flags = SA_RESTART;
	sigaction(SIGUSR1, &action, NULL);
	print(wait_for(interrupt, chosen->help));
	return 0;
}
