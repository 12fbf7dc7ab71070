/* Sends signals in every way there is, also where it must be refused, and prints what came of it.
 */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile int handled, from_self, codes[16], count;

static void note(int signal, siginfo_t *info, void *context)
{
	(void)context;
	from_self += info->si_pid == getpid();
	codes[count++ & 15] = info->si_code;
	handled = signal;
}

static void say(const char *what, int result)
{
	printf("%s: %d %s; handled %d, own %d, code %d\n", what, result,
	       result < 0 ? strerror(errno) : "", handled, from_self,
	       count ? codes[(count - 1) & 15] : 0);
	handled = from_self = count = 0;
}

static void send_to_self(void)
{
	union sigval value = {.sival_int = 5};
	pid_t pid = getpid();

	errno = 0;
	say("kill", kill(pid, SIGUSR1));
	say("raise", raise(SIGUSR1));
	say("gsignal", gsignal(SIGUSR1));
	say("tgkill", tgkill(pid, pid, SIGUSR1));
	say("pthread_kill", pthread_kill(pthread_self(), SIGUSR1));
	say("sigqueue", sigqueue(pid, SIGUSR1, value));
	say("pthread_sigqueue", pthread_sigqueue(pthread_self(), SIGUSR1, value));
	say("killpg", killpg(0, SIGUSR1));
	say("killpg of its own", killpg(getpgrp(), SIGUSR1));
	say("kill of the group", kill(0, SIGUSR1));
	say("kill of the group by number", kill(-getpgrp(), SIGUSR1));
	printf("errno %d\n", errno);
}

static void ask(void)
{
	union sigval value = {.sival_int = 5};
	pid_t pid = getpid();

	say("kill 0", kill(pid, 0));
	say("kill 0 of the group", kill(0, 0));
	say("killpg 0", killpg(getpgrp(), 0));
	say("tgkill 0", tgkill(pid, pid, 0));
	say("pthread_kill 0", pthread_kill(pthread_self(), 0));
	say("sigqueue 0", sigqueue(pid, 0, value));
	say("raise 0", raise(0));
	say("kill 0 of nobody", kill(0x3ffffffe, 0));
}

static volatile pid_t ended_tid;

static void *end_at_once(void *unused)
{
	ended_tid = (pid_t)syscall(SYS_gettid);
	return unused;
}

static void be_refused(void)
{
	union sigval value = {.sival_int = 5};
	pthread_t ended;

	say("kill nobody", kill(0x3ffffffe, SIGUSR1));
	say("kill bad signal", kill(getpid(), 1000));
	say("kill negative signal", kill(getpid(), -1));
	say("killpg negative", killpg(-5, SIGUSR1));
	say("killpg nobody", killpg(0x3ffffffe, SIGUSR1));
	say("raise bad signal", raise(1000));
	say("tgkill nobody", tgkill(getpid(), 0x3ffffffe, SIGUSR1));
	say("tgkill bad thread", tgkill(getpid(), -1, SIGUSR1));
	say("sigqueue nobody", sigqueue(0x3ffffffe, SIGUSR1, value));
	say("sigqueue bad signal", sigqueue(getpid(), 1000, value));
	say("pthread_kill bad signal", pthread_kill(pthread_self(), 1000));
	say("pthread_kill libc's signal", pthread_kill(pthread_self(), 32));
	say("pthread_sigqueue bad signal", pthread_sigqueue(pthread_self(), 1000, value));
	pthread_create(&ended, NULL, end_at_once, NULL);
	while (!ended_tid || syscall(SYS_tgkill, getpid(), ended_tid, 0) == 0)
		sched_yield();
	say("pthread_kill ended", pthread_kill(ended, SIGUSR1));
	say("pthread_sigqueue ended", pthread_sigqueue(ended, SIGUSR1, value) != 0);
	pthread_join(ended, NULL);
}

/* Real-time signals come in their order, with their values, until no more may wait. */
static volatile int values[64], values_count;

static void note_value(int signal, siginfo_t *info, void *context)
{
	(void)context;
	values[values_count++ & 63] = (signal - SIGRTMIN) * 100 + info->si_value.sival_int;
}

static void queue_in_order(void)
{
	struct sigaction action = {.sa_sigaction = note_value, .sa_flags = SA_SIGINFO};
	struct rlimit limit, few = {0, 0};
	sigset_t set, before;
	int refused = 0;

	sigemptyset(&set);
	for (int i = 0; i < 3; i++) {
		sigaction(SIGRTMIN + i, &action, NULL);
		sigaddset(&set, SIGRTMIN + i);
	}
	action.sa_mask = set;
	for (int i = 0; i < 3; i++)
		sigaction(SIGRTMIN + i, &action, NULL);
	sigprocmask(SIG_BLOCK, &set, &before);
	for (int i = 0; i < 12; i++)
		sigqueue(getpid(), SIGRTMIN + 2 - i % 3, (union sigval){.sival_int = i});
	sigprocmask(SIG_SETMASK, &before, NULL);
	for (int i = 0; i < values_count; i++)
		printf("%d ", values[i]);
	printf("\n");
	getrlimit(RLIMIT_SIGPENDING, &limit);
	few.rlim_max = limit.rlim_max;
	setrlimit(RLIMIT_SIGPENDING, &few);
	sigprocmask(SIG_BLOCK, &set, &before);
	for (int i = 0; i < 3; i++)
		refused += sigqueue(getpid(), SIGRTMIN, (union sigval){.sival_int = i}) < 0 &&
			   errno == EAGAIN;
	setrlimit(RLIMIT_SIGPENDING, &limit);
	sigprocmask(SIG_SETMASK, &before, NULL);
	printf("refused %d\n", refused);
}

int main(void)
{
	struct sigaction action = {.sa_sigaction = note, .sa_flags = SA_SIGINFO};
	int status = 0;
	pid_t child;

	setvbuf(stdout, NULL, _IOLBF, 0);
	setpgid(0, 0);
	sigaction(SIGUSR1, &action, NULL);
	send_to_self();
	ask();
	be_refused();
	queue_in_order();
	child = fork();
	if (child == 0) {
		raise(SIGTERM);
		_exit(1);
	}
	waitpid(child, &status, 0);
	printf("child: signal %d\n", WIFSIGNALED(status) ? WTERMSIG(status) : 0);
	return 0;
}
