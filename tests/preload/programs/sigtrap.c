/* What a program may do with SIGTRAP, and sees of it: with traps in its code, the same. One line
 * for each case. */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <semaphore.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdint.h>
#include <string.h>
#include <sys/select.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile sig_atomic_t came, code, sender_ok, blocked_inside, usr1_blocked_inside;
static sigjmp_buf back;
static const char *self_path;

static int has(const sigset_t *set)
{
	return sigismember(set, SIGTRAP);
}

static int is_blocked(void)
{
	sigset_t now;

	pthread_sigmask(SIG_BLOCK, NULL, &now);
	return has(&now);
}

static int is_pending(void)
{
	sigset_t now;

	sigpending(&now);
	return has(&now);
}

static sigset_t only(int signal)
{
	sigset_t set;

	sigemptyset(&set);
	if (signal)
		sigaddset(&set, signal);
	return set;
}

static void on_info(int signal, siginfo_t *info, void *context)
{
	const ucontext_t *interrupted = context;
	sigset_t now;

	came++;
	code = info->si_code;
	sender_ok = info->si_signo == signal && (info->si_code > 0 || info->si_pid == getpid());
	sigprocmask(SIG_BLOCK, NULL, &now);
	blocked_inside = has(&now);
	usr1_blocked_inside = sigismember(&now, SIGUSR1);
	if (has(&interrupted->uc_sigmask))
		came += 100;
}

static void on_plain(int signal)
{
	came++;
	blocked_inside = is_blocked() + 10 * (signal == SIGTRAP);
}

static void jump(int signal)
{
	(void)signal;
	siglongjmp(back, 1);
}

static void set(void (*handler)(int, siginfo_t *, void *), int flags, int masked)
{
	struct sigaction action = {.sa_flags = flags | SA_SIGINFO, .sa_mask = only(masked)};

	action.sa_sigaction = handler;
	sigaction(SIGTRAP, &action, NULL);
}

static void tell(const char *what)
{
	printf("%s: came %d code %d sender %d blocked %d usr1 %d, now blocked %d pending %d\n",
	       what, (int)came, (int)code, (int)sender_ok, (int)blocked_inside,
	       (int)usr1_blocked_inside, is_blocked(), is_pending());
	came = code = sender_ok = blocked_inside = usr1_blocked_inside = 0;
}

static void tell_action(const char *what, const struct sigaction *a)
{
	printf("%s: %s flags %x mask trap %d usr1 %d\n", what,
	       a->sa_handler == SIG_DFL	    ? "default"
	       : a->sa_handler == SIG_IGN   ? "ignore"
	       : a->sa_handler == on_plain  ? "plain"
	       : a->sa_sigaction == on_info ? "info"
					    : "other",
	       (unsigned)a->sa_flags, has(&a->sa_mask), sigismember(&a->sa_mask, SIGUSR1));
}

static void ask(const char *what)
{
	struct sigaction now;

	sigaction(SIGTRAP, NULL, &now);
	tell_action(what, &now);
}

static void breakpoint(void)
{
	__asm__ volatile("int3");
}

static void actions(void)
{
	struct sigaction action = {.sa_flags = SA_RESTART, .sa_mask = only(SIGTRAP)}, old;

	ask("at first");
	set(on_info, 0, SIGUSR1);
	ask("handler");
	raise(SIGTRAP);
	tell("raised");
	kill(getpid(), SIGTRAP);
	tell("killed");
	breakpoint();
	tell("breakpoint");
	set(on_info, SA_NODEFER, 0);
	ask("no defer");
	raise(SIGTRAP);
	tell("no defer");
	set(on_info, (int)SA_RESETHAND, 0);
	raise(SIGTRAP);
	tell("once");
	ask("once");
	action.sa_handler = on_plain;
	sigaction(SIGTRAP, &action, &old);
	tell_action("old", &old);
	raise(SIGTRAP);
	tell("plain");
	printf("signal: %d\n", signal(SIGTRAP, on_plain) == on_plain);
	ask("signal");
	printf("sysv: %d\n", sysv_signal(SIGTRAP, on_plain) == on_plain);
	ask("sysv");
	raise(SIGTRAP);
	tell("sysv");
	ask("sysv after");
	signal(SIGTRAP, SIG_IGN);
	ask("ignored");
	raise(SIGTRAP);
	tell("ignored");
	printf("errors: %d", sigaction(0, &action, NULL));
	printf(" %d\n", signal(SIGTRAP, SIG_ERR) == SIG_ERR);
	/* of another signal, whose handler blocks SIGTRAP */
	action.sa_sigaction = on_info;
	action.sa_flags = SA_SIGINFO;
	sigaction(SIGUSR2, &action, NULL);
	sigaction(SIGUSR2, NULL, &old);
	tell_action("other", &old);
	raise(SIGUSR2);
	tell("other");
}

#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

static void masks(void)
{
	sigset_t trap = only(SIGTRAP), all, old;
	int mask;

	set(on_info, 0, 0);
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &old);
	printf("fill: before %d", has(&old));
	sigprocmask(SIG_BLOCK, NULL, &old);
	printf(" after %d usr1 %d\n", has(&old), sigismember(&old, SIGUSR1));
	raise(SIGTRAP);
	tell("kept");
	raise(SIGTRAP);
	kill(getpid(), SIGTRAP);
	tell("kept more");
	sigprocmask(SIG_UNBLOCK, &trap, &old);
	printf("unblock: before %d\n", has(&old));
	tell("let in");
	sigemptyset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	sighold(SIGTRAP);
	raise(SIGTRAP);
	tell("hold");
	sigrelse(SIGTRAP);
	tell("release");
	mask = sigblock(1 << (SIGTRAP - 1) | 1 << (SIGUSR1 - 1));
	printf("sigblock %x", (unsigned)mask);
	mask = sigsetmask(0);
	printf(" sigsetmask %x\n", (unsigned)mask);
	printf("sigset %d", sigset(SIGTRAP, SIG_HOLD) == SIG_HOLD);
	printf(" blocked %d", is_blocked());
	printf(" sigset %d", sigset(SIGTRAP, on_plain) == SIG_HOLD);
	printf(" blocked %d\n", is_blocked());
	ask("sigset");
	raise(SIGTRAP);
	tell("sigset");
	sigignore(SIGTRAP);
	ask("sigignore");
	/* ignored after it came */
	set(on_info, 0, 0);
	sighold(SIGTRAP);
	raise(SIGTRAP);
	signal(SIGTRAP, SIG_IGN);
	set(on_info, 0, 0);
	sigrelse(SIGTRAP);
	tell("dropped");
}

static void jumps(void)
{
	signal(SIGTRAP, jump);
	for (volatile int i = 0; i < 3; i++) {
		if (sigsetjmp(back, 1) == 0)
			breakpoint();
		printf("jumped: blocked %d\n", is_blocked());
	}
	if (sigsetjmp(back, 0) == 0)
		raise(SIGTRAP);
	printf("jumped without mask: blocked %d\n", is_blocked());
	sigrelse(SIGTRAP);
}

static void *sender(void *target)
{
	pthread_t thread = *(pthread_t *)target;

	pthread_kill(thread, SIGTRAP);
	return NULL;
}

static void waits(void)
{
	sigset_t trap = only(SIGTRAP), none = only(0);
	struct timespec moment = {0, 1000000}, ten = {10, 0};
	siginfo_t info;
	int signal = 0, result;

	set(on_info, 0, 0);
	sigprocmask(SIG_BLOCK, &trap, NULL);
	raise(SIGTRAP);
	result = sigsuspend(&none);
	printf("sigsuspend %d %s\n", result, strerror(errno));
	tell("sigsuspend");
	raise(SIGTRAP);
	result = ppoll(NULL, 0, &ten, &none);
	printf("ppoll %d %s\n", result, strerror(errno));
	tell("ppoll");
	raise(SIGTRAP);
	result = pselect(0, NULL, NULL, NULL, &ten, &none);
	printf("pselect %d %s\n", result, strerror(errno));
	tell("pselect");
	raise(SIGTRAP);
	printf("ppoll blocked %d\n", ppoll(NULL, 0, &moment, &trap));
	tell("ppoll blocked");
	kill(getpid(), SIGTRAP);
	printf("sigwait %d", sigwait(&trap, &signal));
	printf(" %d\n", signal);
	printf("sigwaitinfo %d", sigwaitinfo(&trap, &info));
	printf(" code %d sender %d\n", info.si_code, info.si_pid == getpid());
	tell("taken");
	result = sigtimedwait(&trap, &info, &moment);
	printf("timed out %d %s\n", result, strerror(errno));
	sigprocmask(SIG_UNBLOCK, &trap, NULL);
	tell("not there");
}

static sem_t has_one;

static void *wait_for_two(void *told)
{
	sigset_t trap = only(SIGTRAP);
	int signal, *out = told;

	sigwait(&trap, &signal);
	out[0] = signal;
	sem_post(&has_one);
	sigwait(&trap, &signal);
	out[1] = signal;
	return NULL;
}

static void threads(void)
{
	sigset_t trap = only(SIGTRAP);
	pthread_t self = pthread_self(), other;
	int told[2] = {0, 0};

	sigprocmask(SIG_BLOCK, &trap, NULL);
	pthread_create(&other, NULL, sender, &self);
	pthread_join(other, NULL);
	tell("from a thread");
	sigprocmask(SIG_UNBLOCK, &trap, NULL);
	tell("from a thread, let in");
	sigprocmask(SIG_BLOCK, &trap, NULL);
	pthread_create(&other, NULL, wait_for_two, told);
	kill(getpid(), SIGTRAP);
	sem_wait(&has_one);
	pthread_kill(other, SIGTRAP);
	pthread_join(other, NULL);
	printf("a thread waited: %d %d\n", told[0], told[1]);
	sigprocmask(SIG_UNBLOCK, &trap, NULL);
	tell("not for this one");
}

static void *report_blocked(void *unused)
{
	(void)unused;
	return is_blocked() ? &self_path : NULL;
}

static void inherit(void)
{
	sigset_t trap = only(SIGTRAP), none = only(0);
	pthread_attr_t attributes;
	pthread_t other;
	void *blocked;

	sigprocmask(SIG_BLOCK, &trap, NULL);
	pthread_create(&other, NULL, report_blocked, NULL);
	pthread_join(other, &blocked);
	printf("inherited %d", blocked != NULL);
	pthread_attr_init(&attributes);
	pthread_attr_setsigmask_np(&attributes, &none);
	pthread_create(&other, &attributes, report_blocked, NULL);
	pthread_join(other, &blocked);
	printf(" by attributes %d", blocked != NULL);
	sigprocmask(SIG_UNBLOCK, &trap, NULL);
	pthread_attr_setsigmask_np(&attributes, &trap);
	pthread_create(&other, &attributes, report_blocked, NULL);
	pthread_join(other, &blocked);
	printf(" %d\n", blocked != NULL);
	pthread_attr_destroy(&attributes);
}

static void raw(void)
{
	uint64_t all = ~UINT64_C(0), old = 0;

	syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, &old, sizeof(all));
	printf("raw: before %d after %d\n", (int)(old >> (SIGTRAP - 1) & 1), is_blocked());
	all = 0;
	syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, &old, sizeof(all));
	printf("raw: before %d after %d\n", (int)(old >> (SIGTRAP - 1) & 1), is_blocked());
}

static void told_by(const char *what, int status)
{
	if (WIFSIGNALED(status))
		printf("%s: signal %d\n", what, WTERMSIG(status));
	else
		printf("%s: status %d\n", what, WEXITSTATUS(status));
}

static void in_child(const char *what, void (*run)(void))
{
	int status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		run();
		fflush(stdout);
		_exit(0);
	}
	waitpid(pid, &status, 0);
	told_by(what, status);
}

static void die_by_default(void)
{
	signal(SIGTRAP, SIG_DFL);
	raise(SIGTRAP);
}

static void die_at_breakpoint(void)
{
	signal(SIGTRAP, SIG_DFL);
	breakpoint();
}

static void die_ignoring(void)
{
	signal(SIGTRAP, SIG_IGN);
	breakpoint();
}

static void die_blocking(void)
{
	signal(SIGTRAP, on_plain);
	sighold(SIGTRAP);
	breakpoint();
}

static void die_at_release(void)
{
	signal(SIGTRAP, SIG_DFL);
	sighold(SIGTRAP);
	raise(SIGTRAP);
	printf("lives\n");
	fflush(stdout);
	sigrelse(SIGTRAP);
}

static void keep_view(void)
{
	tell("in a child");
	ask("in a child");
	raise(SIGTRAP);
	tell("in a child");
}

static void exec_blocked(void)
{
	sighold(SIGTRAP);
	execl("/does/not/exist", "x", (char *)NULL);
	printf("refused: %s, blocked %d\n", strerror(errno), is_blocked());
	raise(SIGTRAP);
	fflush(stdout);
	execl(self_path, self_path, "begin", (char *)NULL);
}

static void exec_ignored(void)
{
	signal(SIGTRAP, SIG_IGN);
	execl("/does/not/exist", "x", (char *)NULL);
	ask("refused");
	fflush(stdout);
	execl(self_path, self_path, "begin", (char *)NULL);
}

static void from_vfork(void)
{
	struct sigaction action = {.sa_handler = SIG_DFL};
	sigset_t all;
	pid_t pid;
	int status;

	set(on_info, 0, 0);
	sigfillset(&all);
	fflush(stdout);
	pid = vfork();
	if (pid == 0) {
		sigaction(SIGTRAP, &action, NULL);
		sigprocmask(SIG_SETMASK, &all, NULL);
		execl(self_path, self_path, "begin", (char *)NULL);
		_exit(9);
	}
	waitpid(pid, &status, 0);
	told_by("vfork", status);
	ask("after vfork");
	tell("after vfork");
	raise(SIGTRAP);
	tell("after vfork");
}

static void spawned(void)
{
	char *argv[] = {(char *)(uintptr_t)self_path, (char *)(uintptr_t) "begin", NULL};
	extern char **environ;
	int status;
	pid_t pid;

	sighold(SIGTRAP);
	fflush(stdout);
	if (posix_spawn(&pid, self_path, NULL, NULL, argv, environ) == 0) {
		waitpid(pid, &status, 0);
		told_by("spawn", status);
	}
	sigrelse(SIGTRAP);
}

int main(int argc, char **argv)
{
	self_path = argv[0];
	alarm(60);
	if (argc > 1) {
		ask("begun");
		tell("begun");
		return 3;
	}
	actions();
	masks();
	jumps();
	waits();
	threads();
	inherit();
	raw();
	set(on_info, 0, 0);
	in_child("fork", keep_view);
	in_child("default", die_by_default);
	in_child("breakpoint", die_at_breakpoint);
	in_child("ignored breakpoint", die_ignoring);
	in_child("blocked breakpoint", die_blocking);
	in_child("release", die_at_release);
	in_child("exec blocked", exec_blocked);
	in_child("exec ignored", exec_ignored);
	from_vfork();
	spawned();
	return 0;
}
