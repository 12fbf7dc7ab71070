/* Threads that block all signals in every way there is, and handlers that do, while this program's
 * own code runs: each access below is one that may have a trap. Prints what the kernel has blocked
 * of SIGTRAP, which is nothing in a program with traps. */
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

static unsigned cells[64], handled;
static pthread_barrier_t meeting;

static void work(void)
{
	for (unsigned i = 0; i < 2000; i++)
		__atomic_store_n(&cells[i % 64], __atomic_load_n(&cells[(i + 7) % 64], 0) + 1, 0);
}

/* Of the kernel, not of libc. */
static int really_blocked(void)
{
	char line[128];
	int blocked = -1;
	unsigned long long mask;
	FILE *status = fopen("/proc/thread-self/status", "r");

	while (status && fgets(line, sizeof(line), status))
		if (sscanf(line, "SigBlk: %llx", &mask) == 1)
			blocked = (mask & 1ull << (SIGTRAP - 1)) != 0;
	if (status)
		fclose(status);
	return blocked;
}

static void on_signal(int signal)
{
	(void)signal;
	__atomic_add_fetch(&handled, 1, __ATOMIC_RELAXED);
	work();
}

static void *all_blocked(void *way)
{
	uint64_t bits = ~UINT64_C(0);
	sigset_t all, none;

	sigfillset(&all);
	sigemptyset(&none);
	pthread_barrier_wait(&meeting);
	work();
	switch ((intptr_t)way) {
	case 0:
		pthread_sigmask(SIG_SETMASK, &all, NULL);
		break;
	case 1:
		sigprocmask(SIG_BLOCK, &all, NULL);
		break;
	case 2:
		for (int i = 1; i < 32; i++)
			sighold(i);
		break;
	case 3:
		sigsetmask(-1);
		break;
	case 4:
		sigblock(-1);
		break;
	case 5:
		syscall(SYS_rt_sigprocmask, SIG_SETMASK, &bits, NULL, sizeof(bits));
		break;
	case 6:
		sigset(SIGTRAP, SIG_HOLD);
		break;
	}
	work();
	return (void *)(intptr_t)really_blocked();
}

static void in_threads(void)
{
	pthread_attr_t attributes;
	pthread_t threads[8];
	void *blocked;
	sigset_t all;

	sigfillset(&all);
	pthread_attr_init(&attributes);
	pthread_attr_setsigmask_np(&attributes, &all);
	pthread_barrier_init(&meeting, NULL, 8);
	for (intptr_t i = 0; i < 8; i++)
		pthread_create(&threads[i], i == 7 ? &attributes : NULL, all_blocked, (void *)i);
	for (int i = 0; i < 8; i++) {
		pthread_join(threads[i], &blocked);
		printf("way %d: %d\n", i, (int)(intptr_t)blocked);
	}
	pthread_barrier_destroy(&meeting);
	pthread_attr_destroy(&attributes);
}

/* Handlers whose masks have all signals, in all that waits. */
static void in_handlers(void)
{
	struct sigaction action = {.sa_handler = on_signal};
	struct timespec moment = {0, 100000};
	struct epoll_event event;
	sigset_t usr1, all, none;
	int epoll = epoll_create1(0);
	siginfo_t info;

	sigfillset(&action.sa_mask);
	sigaction(SIGUSR1, &action, NULL);
	sigfillset(&all);
	sigemptyset(&none);
	sigemptyset(&usr1);
	sigaddset(&usr1, SIGUSR1);
	raise(SIGUSR1);
	sigprocmask(SIG_SETMASK, &all, NULL);
	raise(SIGUSR1);
	sigsuspend(&none);
	raise(SIGUSR1);
	ppoll(NULL, 0, NULL, &none);
	raise(SIGUSR1);
	pselect(0, NULL, NULL, NULL, NULL, &none);
	raise(SIGUSR1);
	epoll_pwait(epoll, &event, 1, -1, &none);
	raise(SIGUSR1);
	syscall(SYS_rt_sigprocmask, SIG_UNBLOCK, &usr1, NULL, sizeof(uint64_t));
	sigdelset(&all, SIGUSR1);
	ppoll(NULL, 0, &moment, &all);
	sigtimedwait(&all, &info, &moment);
	work();
	printf("handled %u, kernel %d\n", handled, really_blocked());
	close(epoll);
}

/* Comes back to its getcontext() twice, each time with a mask of all signals. */
static void in_contexts(void)
{
	static ucontext_t here, left;
	static int came;

	getcontext(&here);
	work();
	printf("context %d, kernel %d\n", came, really_blocked());
	sigfillset(&here.uc_sigmask);
	if (came++ == 0)
		setcontext(&here);
	else if (came == 2)
		swapcontext(&left, &here);
}

int main(void)
{
	alarm(60);
	in_threads();
	in_handlers();
	in_contexts();
	return 0;
}
