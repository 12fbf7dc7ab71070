/* select and pselect: what they do to sets and times, and what they refuse. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/select.h>
#include <time.h>
#include <unistd.h>

int __select(int nfds, fd_set *in, fd_set *out, fd_set *except, struct timeval *time);

static int ends[2], file;
static fd_set elsewhere[3];

static void say(const char *what, int result)
{
	printf("%s: %d", what, result);
	if (result < 0)
		printf(" %s", strerrorname_np(errno));
	printf("\n");
}

static void say_sets(const char *what, int result, fd_set *sets)
{
	say(what, result);
	for (int i = 0; i < 3; i++)
		printf(" %d%d%d", !!FD_ISSET(ends[0], &sets[i]), !!FD_ISSET(ends[1], &sets[i]),
		       !!FD_ISSET(file, &sets[i]));
	printf("\n");
}

static void fill(fd_set *sets)
{
	for (int i = 0; i < 3; i++) {
		FD_ZERO(&sets[i]);
		FD_SET(ends[i == 1], &sets[i]);
	}
}

static void results(fd_set *sets)
{
	struct timeval time = {0, 0};
	struct timespec little = {0, 1000000};

	fill(sets);
	say_sets("at once", select(FD_SETSIZE, sets, sets + 1, sets + 2, &time), sets);
	fill(sets);
	say_sets("for ever", select(FD_SETSIZE, sets, sets + 1, sets + 2, NULL), sets);
	fill(sets);
	say_sets("below", __select(ends[1], sets, sets + 1, sets + 2, &time), sets);
	fill(sets);
	time = (struct timeval){0, 1000};
	say_sets("1 ms", select(ends[1] + 1, sets, NULL, sets + 2, &time), sets);
	printf("left %ld %ld\n", (long)time.tv_sec, (long)time.tv_usec);
	fill(sets);
	time = (struct timeval){100, 1000000};
	say_sets("100 s", select(ends[1] + 1, NULL, sets + 1, NULL, &time), sets);
	printf("left %d\n", time.tv_sec == 100 || time.tv_sec == 101);
	fill(sets);
	say_sets("pselect", pselect(ends[1] + 1, sets, NULL, NULL, &little, NULL), sets);
	printf("left %ld\n", little.tv_nsec);
	fill(sets);
	FD_SET(file, &sets[0]);
	say_sets("a file", select(file + 1, sets, NULL, NULL, NULL), sets);
}

static void refused(void)
{
	struct timeval time = {0, 1000}, negative = {-1, 0}, negative_us = {0, -1};
	struct timespec bad = {0, 1000000000}, none = {0, 0};
	fd_set set, *nowhere = (fd_set *)8;
	char *pages = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	fd_set *at_end = (fd_set *)(pages + 4096 - 8);

	mprotect(pages + 4096, 4096, PROT_NONE);
	FD_ZERO(&set);
	FD_SET(ends[0], &set);
	say("negative", select(-1, &set, NULL, NULL, &time));
	say("negative time", select(ends[0] + 1, &set, NULL, NULL, &negative));
	say("negative us", select(ends[0] + 1, &set, NULL, NULL, &negative_us));
	say("bad time", pselect(ends[0] + 1, &set, NULL, NULL, &bad, NULL));
	say("nowhere", select(ends[1] + 1, nowhere, NULL, NULL, &time));
	say("nowhere", select(ends[1] + 1, &set, nowhere, NULL, NULL));
	say("nowhere", pselect(ends[1] + 1, &set, NULL, nowhere, &none, NULL));
	say("bad mask", pselect(ends[1] + 1, &set, NULL, NULL, &none, (const sigset_t *)8));
	FD_SET(ends[0], at_end);
	say("at the end of memory", select(ends[0] + 1, at_end, NULL, NULL, &time));
	FD_SET(ends[0], at_end);
	mprotect(pages, 4096, PROT_READ);
	say("cannot be written", select(ends[0] + 1, at_end, NULL, NULL, &time));
	close(ends[0]);
	say("closed", select(ends[0] + 1, &set, NULL, NULL, NULL));
	time = (struct timeval){0, 1000};
	say("none", select(0, NULL, NULL, NULL, &time));
	printf("left %ld %ld\n", (long)time.tv_sec, (long)time.tv_usec);
	time = (struct timeval){0, 1000};
	say("none of ten", select(10, NULL, NULL, NULL, &time));
	say("none, pselect", pselect(0, nowhere, NULL, NULL, &none, NULL));
}

int main(int argc, char **argv)
{
	fd_set sets[3];

	if (argc < 1 || pipe(ends) || (file = open(argv[0], O_RDONLY)) < 0)
		return 2;
	results(sets);
	results(elsewhere);
	refused();
	return 0;
}
