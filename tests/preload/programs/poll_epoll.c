/* epoll: what is refused, and how often what is told. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

static int ends[2], file, outer, inner;

static void say(const char *what, int result)
{
	printf("%s: %d", what, result);
	if (result < 0)
		printf(" %s", strerrorname_np(errno));
	printf("\n");
}

static int set(int epoll, int operation, int fd, unsigned events)
{
	struct epoll_event event = {.events = events, .data.fd = fd};

	return epoll_ctl(epoll, operation, fd, &event);
}

static int ready(int epoll, int ms)
{
	struct epoll_event events[4];

	return epoll_wait(epoll, events, 4, ms);
}

static void put(void)
{
	if (write(ends[1], "x", 1) != 1)
		abort();
}

static void take(void)
{
	char c;

	if (read(ends[0], &c, 1) != 1)
		abort();
}

static void refused(void)
{
	struct timespec bad = {0, 1000000000};
	struct epoll_event event, *volatile nowhere = (struct epoll_event *)8;

	say("create 0", epoll_create(0));
	say("create1 1", epoll_create1(1));
	say("add", set(inner, EPOLL_CTL_ADD, ends[0], EPOLLIN));
	say("add again", set(inner, EPOLL_CTL_ADD, ends[0], EPOLLIN));
	say("change none", set(inner, EPOLL_CTL_MOD, ends[1], EPOLLOUT));
	say("remove none", epoll_ctl(inner, EPOLL_CTL_DEL, ends[1], NULL));
	say("add a file", set(inner, EPOLL_CTL_ADD, file, EPOLLIN));
	say("add itself", set(inner, EPOLL_CTL_ADD, inner, EPOLLIN));
	say("add closed", set(inner, EPOLL_CTL_ADD, 1234, EPOLLIN));
	say("to closed", set(1234, EPOLL_CTL_ADD, ends[0], EPOLLIN));
	say("to a pipe", set(ends[0], EPOLL_CTL_ADD, ends[1], EPOLLIN));
	say("bad operation", set(inner, 77, ends[0], EPOLLIN));
	say("from nowhere", epoll_ctl(inner, EPOLL_CTL_MOD, ends[0], nowhere));
	say("exclusive change", set(inner, EPOLL_CTL_MOD, ends[0], EPOLLIN | EPOLLEXCLUSIVE));
	say("wait for 0", epoll_wait(inner, &event, 0, -1));
	say("wait on a pipe", epoll_wait(ends[0], &event, 1, 0));
	say("wait on closed", epoll_pwait(1234, &event, 1, -1, NULL));
	say("wait to nowhere", epoll_wait(inner, nowhere, 1, 0));
	say("wait bad time", epoll_pwait2(inner, &event, 1, &bad, NULL));
	say("wait time nowhere", epoll_pwait2(inner, &event, 1, (struct timespec *)8, NULL));
	say("wait mask nowhere", epoll_pwait(inner, &event, 1, 0, (sigset_t *)8));
}

static void times(void)
{
	struct timespec none = {0, 0}, little = {0, 1000000};
	struct epoll_event event;

	say("now", ready(inner, 0));
	say("1 ms", ready(inner, 1));
	say("pwait 1 ms", epoll_pwait(inner, &event, 1, 1, NULL));
	say("pwait2 now", epoll_pwait2(inner, &event, 1, &none, NULL));
	say("pwait2 1 ms", epoll_pwait2(inner, &event, 1, &little, NULL));
	put();
	say("for ever", ready(inner, -5));
	say("pwait for ever", epoll_pwait(inner, &event, 1, -1, NULL));
	say("pwait2 for ever", epoll_pwait2(inner, &event, 1, NULL, NULL));
	printf("%x %d\n", event.events, event.data.fd == ends[0]);
}

static void modes(void)
{
	say("nest", set(outer, EPOLL_CTL_ADD, inner, EPOLLIN));
	say("outer", ready(outer, -1));
	say("nest back", set(inner, EPOLL_CTL_ADD, outer, EPOLLIN));
	say("edge", set(inner, EPOLL_CTL_MOD, ends[0], EPOLLIN | EPOLLET));
	say("first", ready(inner, 0));
	say("second", ready(inner, 0));
	put();
	say("third", ready(inner, 0));
	say("one shot", set(inner, EPOLL_CTL_MOD, ends[0], EPOLLIN | EPOLLONESHOT));
	say("first", ready(inner, 0));
	say("second", ready(inner, 1));
	say("again", set(inner, EPOLL_CTL_MOD, ends[0], EPOLLIN | EPOLLONESHOT));
	say("third", ready(inner, -1));
	say("remove", epoll_ctl(inner, EPOLL_CTL_DEL, ends[0], NULL));
	say("exclusive", set(inner, EPOLL_CTL_ADD, ends[0], EPOLLIN | EPOLLEXCLUSIVE));
	say("first", ready(inner, -1));
	take();
	take();
	say("second", ready(inner, 0));
	close(ends[1]);
	say("hung up", ready(inner, -1));
	close(ends[0]);
	say("closed", ready(inner, 0));
}

int main(int argc, char **argv)
{
	if (argc < 1 || pipe(ends) || (file = open(argv[0], O_RDONLY)) < 0)
		return 2;
	outer = epoll_create(1);
	inner = epoll_create1(EPOLL_CLOEXEC);
	refused();
	times();
	modes();
	return 0;
}
