/*
 * A server does all its work in signal handlers, and blocks the signals but around select: what
 * a handler interrupts is never in the middle of anything. Handlers lock deep in their calls, and
 * one of them ends the program by exit, so that functions of atexit run in it.
 */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/select.h>
#include <sys/wait.h>
#include <unistd.h>

static pthread_mutex_t table = PTHREAD_MUTEX_INITIALIZER;
static int entries, ended;

static void enter_table(int depth)
{
	if (depth > 0) {
		enter_table(depth - 1);
		return;
	}
	pthread_mutex_lock(&table);
	entries++;
	pthread_mutex_unlock(&table);
}

static void at_exit(void)
{
	enter_table(30);
	puts(entries >= 4 ? "served" : "too early");
}

static void child_ended(int signal)
{
	(void)signal;
	while (waitpid(-1, NULL, WNOHANG) > 0)
		ended++;
	enter_table(2);
	enter_table(30);
	if (ended == 2)
		exit(0);
}

static void start_child(void)
{
	if (fork() == 0)
		_exit(0);
}

int main(void)
{
	struct sigaction action = {.sa_handler = child_ended};
	sigset_t all, before;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &before);
	sigfillset(&action.sa_mask);
	sigaction(SIGCHLD, &action, NULL);
	atexit(at_exit);
	enter_table(1);
	start_child();
	start_child();
	for (;;) {
		struct timeval limit = {.tv_sec = 10};

		sigprocmask(SIG_SETMASK, &before, NULL);
		select(0, NULL, NULL, NULL, &limit);
		sigprocmask(SIG_BLOCK, &all, NULL);
		enter_table(3);
	}
}
