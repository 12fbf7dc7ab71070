/*
 * The signal is blocked while the lock is held: by the functions of System V and BSD, and by the
 * mask that siglongjmp brings back. The handler asks for the lock only where main waits for it.
 */
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <unistd.h>

#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static volatile sig_atomic_t count;
static sigjmp_buf blocked;

static void lock_in_handler(int signal)
{
	(void)signal;
	pthread_mutex_lock(&lock);
	count++;
	pthread_mutex_unlock(&lock);
}

/* The signal comes while the lock is held, and is kept back. */
static void lock_it(void)
{
	sigset_t pending;

	pthread_mutex_lock(&lock);
	ualarm(1000, 0);
	do
		sigpending(&pending);
	while (!sigismember(&pending, SIGALRM));
	pthread_mutex_unlock(&lock);
}

static void wait_for_alarm(int number)
{
	while (count < number)
		;
}

int main(void)
{
	int old;

	signal(SIGALRM, lock_in_handler);

	sighold(SIGALRM);
	lock_it();
	sigrelse(SIGALRM);
	wait_for_alarm(1);

	old = sigblock(1 << (SIGALRM - 1));
	lock_it();
	sigsetmask(old);
	wait_for_alarm(2);

	sigset(SIGALRM, SIG_HOLD);
	lock_it();
	sigset(SIGALRM, lock_in_handler);
	wait_for_alarm(3);

	sighold(SIGALRM);
	if (sigsetjmp(blocked, 1) == 0) {
		sigrelse(SIGALRM);
		siglongjmp(blocked, 1);
	}
	lock_it();
	sigrelse(SIGALRM);
	wait_for_alarm(4);
	return 0;
}
