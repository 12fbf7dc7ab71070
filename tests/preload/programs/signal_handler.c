/*
 * Sets handlers in every way there is, has them called in every way that matters, and prints what
 * the handlers were given, what asking for an action tells, and what became of interrupted calls.
 */
#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "asleep.h"

#ifndef SS_AUTODISARM
#define SS_AUTODISARM (1 << 31)
#endif

/* programs still use them */
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

int __sigaction(int signal, const struct sigaction *action, struct sigaction *old);
__sighandler_t bsd_signal(int signal, __sighandler_t handler);
__sighandler_t ssignal(int signal, __sighandler_t handler);
__sighandler_t sysv_signal(int signal, __sighandler_t handler);
__sighandler_t __sysv_signal(int signal, __sighandler_t handler);

static volatile int calls, depth, deepest, blocked;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void plain(int signal)
{
	sigset_t mask;

	sigprocmask(SIG_BLOCK, NULL, &mask);
	blocked = sigismember(&mask, signal) + 2 * sigismember(&mask, SIGUSR2);
	calls++;
	errno = 99; /* as a careless handler leaves it */
}

static void with_info(int signal, siginfo_t *info, void *context)
{
	const ucontext_t *c = context;

	calls++;
	printf("info: %d %d code %d own %d, mask has it %d\n", signal, info->si_signo,
	       info->si_code, info->si_pid == getpid(), sigismember(&c->uc_sigmask, signal));
}

static const char *name_of(__sighandler_t handler)
{
	static char text[32];

	if (handler == SIG_DFL || handler == SIG_IGN || handler == SIG_HOLD || handler == SIG_ERR)
		snprintf(text, sizeof(text), "%ld", (long)handler);
	if (handler == plain)
		return "plain";
	if ((size_t)handler == (size_t)with_info)
		return "with_info";
	return (size_t)handler + 1 < 4 ? text : "unknown";
}

static void ask(const char *what, int signal)
{
	struct sigaction action;
	int set = 0;

	memset(&action, 0x55, sizeof(action));
	if (sigaction(signal, NULL, &action)) {
		printf("%s: %s\n", what, strerror(errno));
		return;
	}
	for (int i = 1; i < 65; i++)
		set += sigismember(&action.sa_mask, i);
	printf("%s: %s flags %x, %d in mask\n", what, name_of(action.sa_handler),
	       (unsigned)action.sa_flags & ~0x04000000u, set);
}

static void set_by_action(void)
{
	struct sigaction action = {.sa_handler = plain, .sa_flags = SA_RESTART}, old;
	struct sigaction info = {.sa_sigaction = with_info, .sa_flags = SA_SIGINFO | SA_NODEFER};
	struct sigaction *volatile same = &old;

	ask("before", SIGUSR1);
	printf("sigaction %d\n", sigaction(SIGUSR1, &action, &old));
	printf("old %s %x\n", name_of(old.sa_handler), (unsigned)old.sa_flags);
	ask("plain", SIGUSR1);
	raise(SIGUSR1);
	sigaddset(&info.sa_mask, SIGUSR2);
	printf("__sigaction %d\n", __sigaction(SIGUSR1, &info, &old));
	printf("old %s %x\n", name_of(old.sa_handler), (unsigned)old.sa_flags & ~0x04000000u);
	ask("info", SIGUSR1);
	raise(SIGUSR1);
	kill(getpid(), SIGUSR1);
	/* set what was there, twice, in place */
	sigaction(SIGUSR1, &old, same);
	printf("old %s %x\n", name_of(old.sa_handler), (unsigned)old.sa_flags & ~0x04000000u);
	sigaction(SIGUSR1, &old, same);
	printf("old %s %x\n", name_of(old.sa_handler), (unsigned)old.sa_flags & ~0x04000000u);
	siginterrupt(SIGUSR1, 1);
	ask("interrupting", SIGUSR1);
	raise(SIGUSR1);
	action.sa_handler = SIG_IGN;
	sigaction(SIGUSR1, &action, &old);
	raise(SIGUSR1);
	ask("ignored", SIGUSR1);
	action.sa_handler = SIG_DFL;
	sigaction(SIGUSR1, &action, &old);
	printf("old %s, calls %d\n", name_of(old.sa_handler), calls);
}

static void set_wrongly(void)
{
	struct sigaction action = {.sa_handler = plain}, old;
	static const int signals[] = {0, -1, 65, 1000, SIGKILL, SIGSTOP, 32, 33};

	for (int i = 0; i < 8; i++) {
		int result = sigaction(signals[i], &action, &old);

		printf("sigaction of %d: %d %s\n", signals[i], result,
		       result ? strerror(errno) : "");
		printf("signal of %d: %s %s\n", signals[i], name_of(signal(signals[i], plain)),
		       strerror(errno));
		errno = 0;
	}
	printf("bad pointer: %d\n", sigaction(1000, (void *)8, NULL));
	printf("signal: %s\n", name_of(signal(SIGUSR1, SIG_ERR)));
}

static void set_by(const char *what, __sighandler_t set(int, __sighandler_t))
{
	sigset_t usr1;

	sigemptyset(&usr1);
	sigaddset(&usr1, SIGUSR1);
	calls = 0;
	printf("%s: was %s", what, name_of(set(SIGUSR1, plain)));
	printf(", was %s\n", name_of(set(SIGUSR1, plain)));
	ask(what, SIGUSR1);
	raise(SIGUSR1);
	printf("calls %d, blocked %d\n", calls, blocked);
	ask("after it", SIGUSR1);
	printf("was %s", name_of(set(SIGUSR1, SIG_IGN)));
	printf(", was %s", name_of(set(SIGUSR1, SIG_DFL)));
	printf(", was %s\n", name_of(set(SIGUSR1, SIG_DFL)));
}

static void hold(void)
{
	calls = 0;
	printf("sigset: %s", name_of(sigset(SIGUSR2, plain)));
	printf(" %s", name_of(sigset(SIGUSR2, SIG_HOLD)));
	raise(SIGUSR2);
	printf(" held, calls %d", calls);
	printf(" %s", name_of(sigset(SIGUSR2, plain)));
	printf(", calls %d\n", calls);
	printf("sigignore %d %d\n", sigignore(SIGUSR2), sigignore(1000));
	raise(SIGUSR2);
	ask("sigignore", SIGUSR2);
	sigset(SIGUSR2, SIG_DFL);
}

static void nest(int signal)
{
	if (++depth > deepest)
		deepest = depth;
	if (depth < 20)
		raise(signal);
	depth--;
}

static volatile int order[4], order_count;

static void remember(int signal)
{
	if (signal == SIGUSR1)
		raise(SIGUSR2); /* in sa_mask: comes after */
	order[order_count++ & 3] = signal;
}

static void nest_and_mask(void)
{
	struct sigaction action = {.sa_handler = nest, .sa_flags = SA_NODEFER};

	sigaction(SIGUSR1, &action, NULL);
	raise(SIGUSR1);
	printf("nested %d\n", deepest);
	action = (struct sigaction){.sa_handler = remember};
	sigaction(SIGUSR2, &action, NULL);
	sigaddset(&action.sa_mask, SIGUSR2);
	sigaction(SIGUSR1, &action, NULL);
	raise(SIGUSR1);
	printf("order %d %d\n", order[0], order[1]);
}

static void lock_in_handler(int signal)
{
	(void)signal;
	pthread_mutex_lock(&mutex);
	pthread_mutex_unlock(&mutex);
}

/* Where the handler runs. */
static char *volatile where;

static void on_stack(int signal)
{
	(void)signal;
	where = (char *)__builtin_frame_address(0);
	calls++;
}

static void fork_on_stack(int signal)
{
	pid_t child = fork();
	int status = 0;

	if (child == 0)
		_exit(signal);
	waitpid(child, &status, 0);
	calls += status == signal << 8;
}

/* At the end of memory that can be written, downwards: what uses too much of it is noticed. */
static void use_small_stack(size_t room, void handler(int), int times, int flags)
{
	size_t size = (size_t)sysconf(_SC_MINSIGSTKSZ) + room, page = 4096;
	size_t pages = (size + page - 1) & ~(page - 1);
	char *memory = mmap(NULL, page + pages, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	stack_t stack = {.ss_sp = memory + page, .ss_size = size, .ss_flags = flags};
	struct sigaction action = {.sa_handler = handler, .sa_flags = SA_ONSTACK};

	mprotect(memory + page, pages, PROT_READ | PROT_WRITE);
	calls = 0;
	if (sigaltstack(&stack, NULL))
		printf("sigaltstack: %s\n", strerror(errno));
	sigaction(SIGUSR1, &action, NULL);
	for (int i = 0; i < times; i++)
		raise(SIGUSR1);
	printf("on the small stack %d, %d times\n", where > memory && where < memory + page + size,
	       calls);
	where = memory + page;
	stack.ss_flags = SS_DISABLE;
	sigaltstack(&stack, NULL);
}

static int fds[2];

static void *write_later(void *target)
{
	asleep_wait(getpid());
	pthread_kill(*(pthread_t *)target, SIGUSR1);
	while (!calls)
		sched_yield();
	asleep_wait(getpid());
	return write(fds[1], "x", 1) == 1 ? NULL : target;
}

static void interrupt_read(int flags)
{
	struct sigaction action = {.sa_handler = plain, .sa_flags = flags};
	pthread_t helper, self = pthread_self();
	sigset_t all, before;
	ssize_t n;
	char c;

	calls = 0;
	sigaction(SIGUSR1, &action, NULL);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	pthread_create(&helper, NULL, write_later, &self);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	errno = 0;
	n = read(fds[0], &c, 1);
	printf("read: %zd %s", n, n < 0 ? strerror(errno) : "");
	if (n < 0)
		n = read(fds[0], &c, 1);
	pthread_join(helper, NULL);
	printf(" then %zd, calls %d\n", n, calls);
}

static sigjmp_buf back;

static void jump(int signal)
{
	siglongjmp(back, signal);
}

static void leave_handlers(void)
{
	struct sigaction action = {.sa_handler = jump};
	volatile int jumps = 0;
	sigset_t mask;

	sigaction(SIGUSR1, &action, NULL);
	if (sigsetjmp(back, 1))
		jumps++;
	if (jumps < 100)
		raise(SIGUSR1);
	sigprocmask(SIG_BLOCK, NULL, &mask);
	printf("jumps %d, blocked %d\n", jumps, sigismember(&mask, SIGUSR1));
}

static void fork_in_handler(int signal)
{
	pid_t child = fork();
	int status = 0;

	(void)signal;
	if (child == 0) {
		pthread_mutex_lock(&mutex);
		pthread_mutex_unlock(&mutex);
		return;
	}
	waitpid(child, &status, 0);
	printf("child %d\n", WEXITSTATUS(status));
	fflush(stdout);
}

static void fork_there(void)
{
	pid_t self = getpid();

	signal(SIGUSR1, fork_in_handler);
	fflush(stdout);
	raise(SIGUSR1);
	if (getpid() != self)
		_exit(42);
}

/* A vfork child has actions of its own. */
static void set_in_vfork(void)
{
	int status = 0;
	pid_t child;

	signal(SIGUSR1, plain);
	calls = 0;
	child = vfork();
	if (child == 0) {
		signal(SIGUSR1, SIG_DFL);
		signal(SIGUSR2, SIG_IGN);
		raise(SIGUSR2);
		raise(SIGUSR1);
		_exit(1);
	}
	waitpid(child, &status, 0);
	printf("vfork child: signal %d\n", WTERMSIG(status));
	ask("after vfork", SIGUSR1);
	raise(SIGUSR1);
	printf("calls %d\n", calls);
}

static void leave_by_exit(int signal)
{
	printf("exit in a handler of %d\n", signal);
	exit(7);
}

int main(void)
{
	struct itimerval soon = {.it_value = {.tv_usec = 1000}};

	if (pipe(fds))
		return 1;
	set_by_action();
	set_wrongly();
	set_by("signal", signal);
	siginterrupt(SIGUSR1, 0);
	set_by("bsd_signal", bsd_signal);
	set_by("ssignal", ssignal);
	set_by("sysv_signal", sysv_signal);
	set_by("__sysv_signal", __sysv_signal);
	set_by("sigset", sigset);
	hold();
	nest_and_mask();
	signal(SIGUSR1, lock_in_handler);
	raise(SIGUSR1);
	use_small_stack(0, on_stack, 5000, 0);
	use_small_stack(0, on_stack, 5000, SS_AUTODISARM);
	use_small_stack(4096, fork_on_stack, 3, 0);
	use_small_stack(4096, fork_on_stack, 3, SS_AUTODISARM);
	interrupt_read(0);
	interrupt_read(SA_RESTART);
	leave_handlers();
	fork_there();
	set_in_vfork();
	signal(SIGALRM, leave_by_exit);
	setitimer(ITIMER_REAL, &soon, NULL);
	for (;;)
		pause();
}
