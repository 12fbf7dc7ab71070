/*
 * Signal handlers that do what they may: set a flag, write to a pipe, post a semaphore; and code
 * that waits for each: sigsuspend in a loop, poll on the pipe, sem_wait in a loop for EINTR.
 */
#include <errno.h>
#include <poll.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/time.h>
#include <unistd.h>

static volatile sig_atomic_t flag;
static int self_pipe[2];
static sem_t posted;

static void set_flag(int signal)
{
	flag = signal;
}

static void write_to_pipe(int signal)
{
	int before = errno;

	(void)!write(self_pipe[1], &signal, 1);
	errno = before;
}

static void post(int signal)
{
	(void)signal;
	sem_post(&posted);
}

static void on(int signal, void (*handler)(int))
{
	struct sigaction action = {.sa_handler = handler};

	sigemptyset(&action.sa_mask);
	sigaction(signal, &action, NULL);
}

static void wait_for_flag(void)
{
	sigset_t blocked, before;

	sigemptyset(&blocked);
	sigaddset(&blocked, SIGUSR1);
	sigprocmask(SIG_BLOCK, &blocked, &before);
	raise(SIGUSR1);
	while (!flag)
		sigsuspend(&before);
	sigprocmask(SIG_SETMASK, &before, NULL);
}

static void wait_for_byte(void)
{
	struct pollfd wait = {.fd = self_pipe[0], .events = POLLIN};
	char byte;

	raise(SIGUSR2);
	while (poll(&wait, 1, -1) < 0 && errno == EINTR)
		;
	(void)!read(self_pipe[0], &byte, 1);
}

static void wait_for_post(void)
{
	struct itimerval soon = {.it_value = {.tv_usec = 20000}};

	setitimer(ITIMER_REAL, &soon, NULL);
	while (sem_wait(&posted) != 0 && errno == EINTR)
		;
}

int main(void)
{
	if (pipe(self_pipe) != 0 || sem_init(&posted, 0, 0) != 0)
		return 1;
	on(SIGUSR1, set_flag);
	on(SIGUSR2, write_to_pipe);
	on(SIGALRM, post);
	wait_for_flag();
	wait_for_byte();
	wait_for_post();
	return 0;
}
