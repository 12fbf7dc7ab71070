/*
 * Each child of a server prints in its handler. That is one fault, however many children there are.
 *
 * expect: lock-in-signal-handler - print_goodbye serve warning
 */
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CHILDREN = 4 };

static volatile sig_atomic_t done;

static void print_goodbye(int signal)
{
	(void)signal;
	printf("goodbye\n");
	done = 1;
}

/* Ends when the parent asks for it. */
static void serve(int ready)
{
	signal(SIGTERM, print_goodbye);
	printf("serving\n");
	write(ready, "", 1);
	while (!done)
		continue;
}

int main(void)
{
	pid_t children[CHILDREN];
	int ready[2];
	char byte;

	if (pipe(ready))
		return 1;
	for (int i = 0; i < CHILDREN; i++) {
		children[i] = fork();
		if (children[i] == 0) {
			serve(ready[1]);
			return 0;
		}
	}
	for (int i = 0; i < CHILDREN; i++)
		read(ready[0], &byte, 1);
	for (int i = 0; i < CHILDREN; i++)
		kill(children[i], SIGTERM);
	while (wait(NULL) > 0)
		continue;
	return 0;
}
