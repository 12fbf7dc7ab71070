/* poll and ppoll: results, errors and arrays, with a pipe, which is tracked, and with a file. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "asleep.h"

int __poll(struct pollfd *fds, nfds_t count, int ms);
int __poll_chk(struct pollfd *fds, nfds_t count, int ms, size_t room);
int __ppoll_chk(struct pollfd *fds, nfds_t count, const struct timespec *time, const sigset_t *mask,
		size_t room);

static int ends[2], quiet[2], file;
static pid_t poller;

static void say(const char *what, int result, const struct pollfd *fds, nfds_t count)
{
	int error = errno;

	printf("%s: %d", what, result);
	if (result < 0)
		printf(" %s", strerrorname_np(error));
	for (nfds_t i = 0; i < count; i++)
		printf(" %x", fds[i].revents);
	printf("\n");
}

static void results(const char *where, struct pollfd *fds)
{
	const struct timespec none = {0, 0}, little = {0, 1000000};

	printf("%s\n", where);
	fds[0] = (struct pollfd){quiet[0], POLLIN, 99};
	fds[1] = (struct pollfd){-1, POLLIN, 99};
	say("nothing now", poll(fds, 2, 0), fds, 2);
	say("nothing in 1 ms", poll(fds, 2, 1), fds, 2);
	say("ppoll, nothing now", ppoll(fds, 2, &none, NULL), fds, 2);
	say("ppoll, nothing in 1 ms", ppoll(fds, 2, &little, NULL), fds, 2);
	fds[1] = (struct pollfd){quiet[1], POLLOUT, 99};
	say("one of two", poll(fds, 2, -1), fds, 2);
	say("__poll", __poll(fds, 2, -7), fds, 2);
	say("ppoll", ppoll(fds, 2, NULL, NULL), fds, 2);
	fds[0] = (struct pollfd){file, POLLIN, 99};
	say("a file", poll(fds, 1, -1), fds, 1);
	fds[0] = (struct pollfd){1234, POLLIN, 99};
	say("no descriptor", poll(fds, 1, -1), fds, 1);
	say("__poll_chk", __poll_chk(fds, 1, -1, sizeof(*fds)), fds, 1);
	say("__ppoll_chk", __ppoll_chk(fds, 1, &little, NULL, sizeof(*fds)), fds, 1);
}

static void refused(void)
{
	struct pollfd fd = {quiet[0], POLLIN, 0};
	const struct timespec bad[] = {{0, 1000000000}, {0, -1}, {-1, 0}};
	/* volatile: so that the compiler does not know better */
	struct pollfd *volatile null = NULL, *volatile nowhere = (struct pollfd *)8;
	volatile nfds_t many = 100000, most = (nfds_t)-1;
	struct rlimit limit;
	char *pages = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct pollfd *at_end = (struct pollfd *)(pages + 4096) - 1;

	mprotect(pages + 4096, 4096, PROT_NONE);
	for (int i = 0; i < 3; i++)
		say("bad time", ppoll(&fd, 1, &bad[i], NULL), NULL, 0);
	fd.fd = quiet[1];
	fd.events = POLLOUT;
	for (int i = 0; i < 3; i++)
		say("bad time, ready", ppoll(&fd, 1, &bad[i], NULL), NULL, 0);
	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = 256;
	setrlimit(RLIMIT_NOFILE, &limit);
	say("too many", poll(&fd, many, 10), NULL, 0);
	say("far too many", poll(&fd, most, 10), NULL, 0);
	say("NULL", poll(null, 1, -1), NULL, 0);
	say("ppoll NULL", ppoll(null, 1, NULL, NULL), NULL, 0);
	say("nowhere", poll(nowhere, 3, 10), NULL, 0);
	*at_end = (struct pollfd){quiet[0], POLLIN, 0};
	say("half of it", poll(at_end, 2, 10), NULL, 0);
	say("whole", poll(at_end, 1, 1), at_end, 1);
	mprotect(pages, 4096, PROT_READ);
	say("cannot be written", poll(at_end, 1, 1), NULL, 0);
	say("bad mask", ppoll(&fd, 1, NULL, (const sigset_t *)8), NULL, 0);
	say("none, NULL", poll(NULL, 0, 0), NULL, 0);
	say("none, 1 ms", poll(NULL, 0, 1), NULL, 0);
	say("none, nowhere, 1 ms", poll(nowhere, 0, 1), NULL, 0);
}

static void too_little_room(void)
{
	struct pollfd fds[2] = {{quiet[0], POLLIN, 0}, {quiet[1], POLLOUT, 0}};
	int status;

	fflush(stdout);
	if (fork() == 0) {
		close(2);
		__poll_chk(fds, 2, 0, sizeof(*fds));
		_exit(1);
	}
	wait(&status);
	printf("too little room: signal %d\n", WTERMSIG(status));
}

static void *wait_for_input(void *fds)
{
	__atomic_store_n(&poller, gettid(), __ATOMIC_RELEASE);
	return (void *)(long)poll(fds, 2, -1);
}

/* While another thread waits, a child is made, which does the same by itself. */
static void forked(void)
{
	struct pollfd *fds = calloc(2, sizeof(*fds));
	pthread_t thread;
	void *result;
	int status;

	fds[0] = (struct pollfd){quiet[0], POLLIN, 0};
	fds[1] = (struct pollfd){ends[0], POLLIN, 0};
	pthread_create(&thread, NULL, wait_for_input, fds);
	asleep_wait_for(&poller);
	fflush(stdout);
	if (fork() == 0) {
		struct pollfd own = {ends[0], POLLIN, 0};

		_exit(poll(&own, 1, 1) * 10 + poll(&own, 1, 0));
	}
	wait(&status);
	printf("child: %d\n", WEXITSTATUS(status));
	if (write(ends[1], "x", 1) != 1)
		abort();
	pthread_join(thread, &result);
	say("after a fork", (int)(long)result, fds, 2);
	close(ends[1]);
	say("hung up", poll(fds, 2, -1), fds, 2);
}

int main(int argc, char **argv)
{
	struct pollfd fds[2], *elsewhere = malloc(sizeof(fds));

	if (argc < 1 || pipe(ends) || pipe(quiet) || (file = open(argv[0], O_RDONLY)) < 0)
		return 2;
	results("on the stack", fds);
	results("elsewhere", elsewhere);
	refused();
	too_little_room();
	forked();
	return 0;
}
