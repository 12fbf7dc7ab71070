/*
 * One call after the other that polls; prints the inode of its pipe and its descriptors, by which
 * test_poll.sh knows them in the trace. Takes what does not matter from a file, which is no object.
 */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static int in, out, file;

static void by_poll(void)
{
	struct pollfd fds[3] = {{file, POLLIN, 0}, {in, POLLIN, 0}, {out, POLLOUT, 0}};
	struct pollfd *elsewhere = malloc(sizeof(*fds));
	struct timespec little = {0, 2000};

	*elsewhere = fds[1];
	poll(fds, 1, -1);
	poll(NULL, 0, 0);
	poll(fds + 1, 1, 0);
	poll(fds + 1, 1, 1);
	poll(elsewhere, 1, 2);
	poll(fds, 3, -1);
	ppoll(fds + 1, 2, &little, NULL);
	ppoll(fds + 1, 1, &little, NULL);
	poll(NULL, 0, 1);
}

static void by_select(void)
{
	struct timeval time = {0, 0};
	struct timespec little = {0, 2000};
	fd_set sets[3];

	for (int i = 0; i < 3; i++) {
		FD_ZERO(&sets[i]);
		FD_SET(in, &sets[i]);
		FD_SET(out, &sets[i]);
	}
	FD_CLR(in, &sets[1]);
	FD_CLR(out, &sets[2]);
	select(FD_SETSIZE, &sets[2], NULL, NULL, &time);
	FD_SET(in, &sets[2]);
	pselect(in + 1, &sets[2], NULL, NULL, &little, NULL);
	FD_SET(in, &sets[2]);
	select(FD_SETSIZE, &sets[0], &sets[1], &sets[2], NULL);
	FD_ZERO(&sets[0]);
	FD_SET(file, &sets[0]);
	select(file + 1, &sets[0], NULL, NULL, NULL);
	select(0, NULL, NULL, NULL, &time);
	time.tv_usec = 2;
	select(10, NULL, NULL, NULL, &time);
}

static void by_epoll(int epoll)
{
	struct timespec little = {0, 2000};
	struct epoll_event event = {.events = EPOLLOUT};

	epoll_wait(epoll, &event, 1, 0);
	epoll_wait(epoll, &event, 1, 1);
	event.events = EPOLLOUT;
	epoll_ctl(epoll, EPOLL_CTL_ADD, out, &event);
	event.events = EPOLLIN;
	epoll_ctl(epoll, EPOLL_CTL_ADD, in, &event);
	epoll_ctl(epoll, EPOLL_CTL_ADD, in, &event);
	epoll_ctl(epoll, EPOLL_CTL_MOD, in, &event);
	epoll_ctl(epoll, EPOLL_CTL_DEL, in, NULL);
	epoll_wait(epoll, &event, 1, -1);
	epoll_pwait(epoll, &event, 1, 5, NULL);
	epoll_pwait2(epoll, &event, 1, &little, NULL);
	epoll_wait(epoll, &event, 0, -1);
	close(epoll);
	epoll_wait(epoll, &event, 1, -1);
}

int main(int argc, char **argv)
{
	struct stat info;
	int ends[2], epoll;

	if (argc < 1 || pipe(ends) || fstat(ends[0], &info))
		return 2;
	file = open(argv[0], O_RDONLY);
	in = ends[0];
	out = ends[1];
	epoll = epoll_create1(0);
	if (file < 0 || epoll < 0)
		return 2;
	printf("%lx %d %d %d\n", (unsigned long)info.st_ino, in, out, epoll);
	fflush(stdout);
	by_poll();
	by_select();
	by_epoll(epoll);
	return 0;
}
