/*
 * A signal is pending when a thread begins, so that its handler runs before the thread's first
 * instruction.
 *
 *   thread_signalled THREADS        so many, one after another
 *   thread_signalled forks          the handler forks, and the child goes on as the thread
 *   thread_signalled deadlock       the thread wants what its joiner holds
 */
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static volatile int handled, child_status;

static void count(int signal)
{
	(void)signal;
	handled++;
}

static void fork_there(int signal)
{
	pid_t child = fork();
	int status = 0;

	(void)signal;
	if (child == 0)
		return;
	waitpid(child, &status, 0);
	child_status = status;
}

static void *lock(void *value)
{
	pthread_mutex_lock(&mutex);
	pthread_mutex_unlock(&mutex);
	return value;
}

static void *lock_in_child(void *parent)
{
	lock(NULL);
	if (getpid() != *(pid_t *)parent)
		_exit(42);
	return parent;
}

/* Our own mask has the signal, that of the thread has not. */
static pthread_t create(void *routine(void *), void *arg)
{
	pthread_attr_t attributes;
	pthread_t thread;
	sigset_t none;

	sigemptyset(&none);
	pthread_attr_init(&attributes);
	pthread_attr_setsigmask_np(&attributes, &none);
	kill(getpid(), SIGUSR1);
	if (pthread_create(&thread, &attributes, routine, arg))
		exit(1);
	return thread;
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "1";
	bool forks = strcmp(what, "forks") == 0, deadlock = strcmp(what, "deadlock") == 0;
	int times = forks || deadlock ? 1 : atoi(what);
	pid_t self = getpid();
	sigset_t usr1;

	signal(SIGUSR1, forks ? fork_there : count);
	sigemptyset(&usr1);
	sigaddset(&usr1, SIGUSR1);
	pthread_sigmask(SIG_BLOCK, &usr1, NULL);
	if (deadlock)
		pthread_mutex_lock(&mutex);
	for (int i = 0; i < times; i++)
		pthread_join(create(forks ? lock_in_child : lock, &self), NULL);
	printf("handled %d, child %d\n", handled, WEXITSTATUS(child_status));
	return 5;
}
