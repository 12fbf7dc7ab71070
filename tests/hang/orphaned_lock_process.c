/*
 * A child ends while it holds a process-shared mutex; the parent wants it. The twin's is robust.
 *   kill      by SIGKILL
 *   exit      by _exit
 *   zombie    by SIGKILL, and nobody waits for it
 *   ignored   by SIGKILL, and the kernel takes it away (SIGCHLD is ignored)
 */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/hang.h"

static pthread_mutex_t *ledger;
static int told[2]; /* a pipe: the child has the lock */

static void hold(bool to_be_killed)
{
	pthread_mutex_lock(ledger);
	if (write(told[1], "x", 1) != 1 || !to_be_killed)
		_exit(0);
	for (;;)
		pause();
}

static pthread_mutex_t *make_mutex(void)
{
	pthread_mutex_t *mutex = hang_shared(sizeof(*mutex));
	pthread_mutexattr_t attributes;

	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
	if (hang_fixed)
		pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
	pthread_mutex_init(mutex, &attributes);
	return mutex;
}

int main(int argc, char **argv)
{
	pid_t child;
	bool killed;
	char byte;

	hang_begin(argc, argv);
	killed = strcmp(hang_variant, "exit") != 0;
	if (strcmp(hang_variant, "ignored") == 0)
		signal(SIGCHLD, SIG_IGN);
	ledger = make_mutex();
	if (pipe(told) != 0)
		return 1;
	child = fork();
	if (child == 0)
		hold(killed);
	if (read(told[0], &byte, 1) != 1)
		return 1;
	if (killed)
		kill(child, SIGKILL);
	if (strcmp(hang_variant, "zombie") != 0)
		waitpid(child, NULL, 0);
	hang_last(0);
	if (pthread_mutex_lock(ledger) != EOWNERDEAD)
		return 1;
	pthread_mutex_consistent(ledger);
	return pthread_mutex_unlock(ledger);
}
