/*
 * What a handler of a crash prints before it ends the program can make nothing worse.
 *
 * exit: 4
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void explain(int signal)
{
	fprintf(stderr, "crashed by signal %d\n", signal);
	free(malloc(100));
	fflush(stdout);
	_exit(4);
}

int main(void)
{
	int *volatile nowhere = NULL;

	signal(SIGSEGV, explain);
	printf("working\n");
	return *nowhere;
}
