/*
 * A signal handler on an alternate stack that is too small for the recorder to begin another packet
 * fills the one there is. Ends by SIGKILL, so that its live page can be looked at.
 *
 *   signal_full completion SKEW    what it does last is a call that has waited; SKEW records shift
 *                                  which record is the first without room
 *   signal_full request            what it does last is a call whose request has no room, its
 *                                  completion has; and it has interrupted a sigsuspend()
 */
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#ifndef SS_AUTODISARM
#define SS_AUTODISARM (1 << 31)
#endif

enum { RECORDS = 5000 }; /* more than there is room for */

static sem_t none, some;
static int skew;
static char large[65536];

static void wait_often(int signal)
{
	const struct timespec past = {1, 0};

	(void)signal;
	for (int i = 0; i < skew; i++)
		sem_post(&some);
	for (int i = 0; i < RECORDS; i++)
		sem_timedwait(&none, &past);
	kill(getpid(), SIGKILL);
}

static void post_once(int signal)
{
	(void)signal;
	sem_post(&some);
}

/* While sigsuspend() waits, another handler finds room: it has a large stack. */
static void suspend(int signal)
{
	const stack_t stack = {.ss_sp = large, .ss_size = sizeof(large)};
	sigset_t nothing;

	sigemptyset(&nothing);
	for (int i = 0; i < RECORDS; i++)
		sem_post(&some);
	sigaltstack(&stack, NULL);
	raise(SIGUSR2);
	sigsuspend(&nothing);
	kill(getpid(), signal == SIGUSR1 ? SIGKILL : SIGABRT);
}

static void handle(int signal, void handler(int))
{
	struct sigaction action = {.sa_handler = handler, .sa_flags = SA_ONSTACK};

	sigaddset(&action.sa_mask, SIGUSR2);
	sigaction(signal, &action, NULL);
}

int main(int argc, char **argv)
{
	bool completion = argc > 1 && strcmp(argv[1], "completion") == 0;
	size_t size = (size_t)sysconf(_SC_MINSIGSTKSZ) + 5000;
	/* the kernel forgets of it what would keep the handler from setting another */
	const stack_t stack = {
		.ss_sp = malloc(size), .ss_size = size, .ss_flags = completion ? 0 : SS_AUTODISARM};
	sigset_t usr, nothing;

	skew = argc > 2 ? atoi(argv[2]) : 0;
	sem_init(&none, 0, 0);
	sem_init(&some, 0, 0);
	handle(SIGUSR1, completion ? wait_often : suspend);
	handle(SIGUSR2, post_once);
	sigaltstack(&stack, NULL);
	if (completion)
		raise(SIGUSR1);
	sigemptyset(&nothing);
	sigemptyset(&usr);
	sigaddset(&usr, SIGUSR1);
	sigprocmask(SIG_BLOCK, &usr, NULL);
	raise(SIGUSR1);
	sigsuspend(&nothing);
	return 1;
}
