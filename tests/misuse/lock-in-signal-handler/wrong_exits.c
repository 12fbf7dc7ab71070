/*
 * The handler ends the program by exit(), which runs what atexit() was given and writes out what
 * stdio has buffered: main may be in the middle of a printf. _exit() is what a handler may call.
 *
 * expect: lock-in-signal-handler - end_in_handler main warning
 * exit: 3
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void end_in_handler(int signal)
{
	(void)signal;
	exit(3);
}

static void say_goodbye(void)
{
	puts("goodbye");
}

int main(void)
{
	atexit(say_goodbye);
	signal(SIGALRM, end_in_handler);
	printf("working\n");
	ualarm(1000, 0);
	for (;;)
		;
}
