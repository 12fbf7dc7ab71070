/*
 * Waits for signals in every way there is, also in those that fail, and prints what came of it. Who
 * sends waits until the other one sleeps.
 */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "asleep.h"

#undef sigpause
int old_sigpause(int mask) __asm__("sigpause");
int __xpg_sigpause(int signal);
int __sigpause(int mask_or_signal, int is_signal);
int __sigsuspend(const sigset_t *mask);

static volatile int handled;
static pid_t waiter;

static void count(int signal)
{
	handled = handled * 100 + signal;
}

static sigset_t set_of(int first, int second)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, first);
	if (second)
		sigaddset(&set, second);
	return set;
}

/* What a helper sends to the main thread once that sleeps. */
struct sending {
	pthread_t to;
	int signals[4];
};

static void *send_when_asleep(void *argument)
{
	const struct sending *s = argument;

	for (int i = 0; i < 4 && s->signals[i]; i++) {
		asleep_wait(waiter);
		pthread_kill(s->to, s->signals[i]);
	}
	return NULL;
}

static pthread_t helper;

static void send_later(int first, int second)
{
	static struct sending sending;
	sigset_t all, before;

	sending = (struct sending){pthread_self(), {first, second}};
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	pthread_create(&helper, NULL, send_when_asleep, &sending);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}

static void say(const char *what, int result)
{
	printf("%s: %d %s, handled %d\n", what, result, result < 0 ? strerror(errno) : "", handled);
	handled = 0;
}

static void sent(const char *what, int result)
{
	int saved = errno;

	pthread_join(helper, NULL);
	errno = saved;
	say(what, result);
}

static void wait_for_it(void)
{
	sigset_t set = set_of(SIGUSR1, SIGRTMIN);
	union sigval value = {.sival_int = 77};
	struct timespec limits[] = {{0, 0}, {0, 20000000}, {0, 1000000000}, {0, -1}, {-1, 0}};
	siginfo_t info;
	int signal = -1, error;

	raise(SIGUSR1);
	error = sigwait(&set, &signal);
	printf("sigwait: %d %d\n", error, signal);
	sigqueue(getpid(), SIGRTMIN, value);
	say("sigwaitinfo", sigwaitinfo(&set, &info) - SIGRTMIN);
	printf("code %d value %d own %d\n", info.si_code, info.si_value.sival_int,
	       info.si_pid == getpid());
	kill(getpid(), SIGUSR1);
	say("sigwaitinfo without info", sigwaitinfo(&set, NULL));
	raise(SIGUSR1);
	say("sigtimedwait", sigtimedwait(&set, &info, &limits[0]));
	for (int i = 0; i < 5; i++)
		say("sigtimedwait to its limit", sigtimedwait(&set, NULL, &limits[i]));
	send_later(SIGRTMIN, 0);
	sent("sigtimedwait without limit", sigtimedwait(&set, NULL, NULL) - SIGRTMIN);
	send_later(SIGUSR2, 0); /* has a handler */
	sent("sigwaitinfo interrupted", sigwaitinfo(&set, &info));
	send_later(SIGUSR2, SIGUSR1);
	signal = -1;
	sent("sigwait goes on", sigwait(&set, &signal));
	printf("sigwait: %d\n", signal);
}

static void wait_wrongly(void)
{
	static void *const bad = (void *)8;
	sigset_t empty, set = set_of(SIGUSR1, 0);
	struct timespec none = {0, 0};
	int signal = -1;

	sigemptyset(&empty);
	say("sigtimedwait for nothing", sigtimedwait(&empty, NULL, &none));
	say("sigtimedwait bad set", sigtimedwait(bad, NULL, &none));
	say("sigtimedwait bad limit", sigtimedwait(&set, NULL, bad));
	say("sigwaitinfo bad set", sigwaitinfo(bad, NULL));
	printf("sigwait bad set: %d %d\n", sigwait(bad, &signal), signal);
	say("sigsuspend bad set", sigsuspend(bad));
	say("__sigsuspend bad set", __sigsuspend(bad));
	say("__xpg_sigpause bad signal", __xpg_sigpause(0));
	say("__xpg_sigpause bad signal", __xpg_sigpause(1000));
}

static void wait_for_handlers(void)
{
	sigset_t none, blocked = set_of(SIGUSR2, SIGALRM), before;

	sigemptyset(&none);
	send_later(SIGUSR2, 0);
	sent("pause", pause());
	pthread_sigmask(SIG_BLOCK, &blocked, &before);
	raise(SIGUSR2);
	say("sigsuspend", sigsuspend(&none));
	raise(SIGALRM);
	say("__sigsuspend", __sigsuspend(&none));
	send_later(SIGUSR2, 0);
	sent("sigpause", old_sigpause(0));
	raise(SIGUSR2);
	say("__xpg_sigpause", __xpg_sigpause(SIGUSR2));
	raise(SIGALRM);
	say("__sigpause of a signal", __sigpause(SIGALRM, 1));
	raise(SIGALRM);
	say("__sigpause of a mask", __sigpause(0, 0));
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}

static pid_t tid;

static void *wait_until_cancelled(void *how)
{
	sigset_t set = set_of(SIGUSR1, 0), none;
	int signal;

	sigemptyset(&none);
	__atomic_store_n(&tid, (pid_t)syscall(SYS_gettid), __ATOMIC_RELEASE);
	switch (*(const char *)how) {
	case 'w':
		sigwait(&set, &signal);
		break;
	case 'i':
		sigwaitinfo(&set, NULL);
		break;
	case 't':
		sigtimedwait(&set, NULL, NULL);
		break;
	case 's':
		sigsuspend(&none);
		break;
	case 'x':
		__xpg_sigpause(SIGUSR1);
		break;
	case 'p':
		pause();
		break;
	}
	return NULL;
}

static void cancel_waits(void)
{
	static const char *const how[] = {"w", "i", "t", "s", "x", "p"};

	for (int i = 0; i < 6; i++) {
		pthread_t thread;
		void *result;

		__atomic_store_n(&tid, 0, __ATOMIC_RELEASE);
		pthread_create(&thread, NULL, wait_until_cancelled, (void *)(size_t)how[i]);
		asleep_wait_for(&tid);
		pthread_cancel(thread);
		pthread_join(thread, &result);
		printf("%s: %s\n", how[i], result == PTHREAD_CANCELED ? "cancelled" : "?");
	}
}

/* A thread that takes all signals of the process while the others block them. */
static void *take_three(void *unused)
{
	sigset_t set = set_of(SIGUSR1, 0);
	int signal = 0;

	(void)unused;
	for (int i = 0; i < 3; i++) {
		sigwait(&set, &signal);
		printf("taken: %d\n", signal);
		__atomic_store_n(&handled, i + 1, __ATOMIC_RELEASE);
	}
	return NULL;
}

static void take_in_one_thread(void)
{
	pthread_t thread;

	pthread_create(&thread, NULL, take_three, NULL);
	for (int i = 0; i < 3; i++) {
		kill(getpid(), SIGUSR1);
		while (__atomic_load_n(&handled, __ATOMIC_ACQUIRE) <= i)
			sched_yield();
	}
	pthread_join(thread, NULL);
	handled = 0;
}

int main(void)
{
	struct sigaction action = {.sa_handler = count};
	sigset_t set = set_of(SIGUSR1, SIGRTMIN);

	setvbuf(stdout, NULL, _IOLBF, 0);
	waiter = getpid();
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	sigaction(SIGUSR2, &action, NULL);
	sigaction(SIGALRM, &action, NULL);
	wait_for_it();
	wait_wrongly();
	wait_for_handlers();
	cancel_waits();
	take_in_one_thread();
	return 5;
}
