/*
 * SIGPIPE is ignored, and so is EPIPE: the loop writes on, though nobody will ever read it.
 *
 * expect: broken-pipe P1 log_line log_line stop_reading make_pipe warning
 */
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

static int ends[2], written;

static void make_pipe(void)
{
	if (pipe(ends))
		exit(1);
}

static void log_line(void)
{
	written += (int)write(ends[1], "line\n", 5);
}

static void stop_reading(void)
{
	close(ends[0]);
}

int main(void)
{
	signal(SIGPIPE, SIG_IGN);
	make_pipe();
	log_line();
	stop_reading();
	for (int i = 0; i < 3; i++)
		log_line();
	return written != 2;
}
