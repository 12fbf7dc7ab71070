/*
 * Reads that are interrupted, cancelled and jumped out of: a handler that writes to a pipe, threads
 * cancelled in read and in fgets, whose stream must be free afterwards.
 */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

static int self[2], quiet[2];
static FILE *stream;

static void note(int number)
{
	int saved = errno;

	(void)number;
	if (write(self[1], "s", 1) != 1)
		abort();
	errno = saved;
}

/* A timer interrupts reads of the very pipe that its handler writes to. */
static void self_pipe(void)
{
	struct sigaction action = {.sa_handler = note};
	struct itimerval timer = {{0, 200}, {0, 200}}, off = {{0, 0}, {0, 0}};
	int seen = 0;
	char c;

	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &timer, NULL);
	while (seen < 500) {
		ssize_t n = read(self[0], &c, 1);

		if (n == 1 && c == 's')
			seen++;
		else if (n != -1 || errno != EINTR)
			printf("read says %zd, errno %d\n", n, errno);
	}
	setitimer(ITIMER_REAL, &off, NULL);
	printf("%d signals\n", seen);
}

static void *read_for_ever(void *unused)
{
	char c;

	(void)unused;
	read(quiet[0], &c, 1);
	return NULL;
}

static void *gets_for_ever(void *unused)
{
	char text[10];

	(void)unused;
	fgets(text, sizeof(text), stream);
	return NULL;
}

static void cancel_in(void *(*routine)(void *), const char *what)
{
	pthread_t thread;
	void *value;

	pthread_create(&thread, NULL, routine, NULL);
	pthread_cancel(thread);
	pthread_join(thread, &value);
	printf("%s: %s\n", what, value == PTHREAD_CANCELED ? "cancelled" : "ended");
}

int main(void)
{
	char text[10] = "";

	if (pipe(self) || pipe(quiet))
		return 2;
	self_pipe();
	cancel_in(read_for_ever, "read");
	stream = fdopen(quiet[0], "r");
	cancel_in(gets_for_ever, "fgets");
	if (write(quiet[1], "line\n", 5) != 5 || !fgets(text, sizeof(text), stream))
		return 1;
	printf("%s", text);
	return 0;
}
