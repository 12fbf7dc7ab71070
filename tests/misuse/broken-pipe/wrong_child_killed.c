/*
 * The parent closes the end that it reads from before the child has written its answer, and so
 * kills the child; that it does not look at the status leaves this unseen.
 *
 * expect: broken-pipe P1 send_answer stop_reading make_pipe warning
 */
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static int answers[2], stopped[2];

static void make_pipe(int ends[2])
{
	if (pipe(ends))
		exit(1);
}

static void send_ready(void)
{
	if (write(answers[1], ".", 1) != 1)
		_exit(1);
}

static void send_answer(void)
{
	if (write(answers[1], "42\n", 3) != 3)
		_exit(1);
}

static void answer(void)
{
	char byte;

	close(stopped[1]);
	close(answers[0]);
	send_ready();
	if (read(stopped[0], &byte, 1) == 0)
		send_answer();
	_exit(0);
}

static void stop_reading(void)
{
	close(answers[0]);
}

int main(void)
{
	char ready;

	make_pipe(stopped);
	make_pipe(answers);
	if (fork() == 0)
		answer();
	close(answers[1]);
	if (read(answers[0], &ready, 1) != 1)
		return 1;
	stop_reading();
	close(stopped[1]);
	wait(NULL);
	return 0;
}
