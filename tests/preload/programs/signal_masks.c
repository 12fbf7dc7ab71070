/* Changes which signals it blocks, in every way, and says in the end what is blocked. Each kind of
 * jump is made twice: without a mask to bring back, and with one. */
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>

#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

/* What longjmp is with _FORTIFY_SOURCE. */
void __longjmp_chk(struct __jmp_buf_tag env[1], int value) __attribute__((noreturn));

typedef void jump(struct __jmp_buf_tag env[1], int value);

static void jump_by(jump *function, int saves_mask)
{
	sigjmp_buf env;

	if (sigsetjmp(env, saves_mask) == 0)
		function(env, 1);
}

int main(void)
{
	sigset_t set, now;
	jump *volatile jumps[] = {siglongjmp, longjmp, _longjmp, __longjmp_chk};

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	pthread_sigmask(SIG_UNBLOCK, &set, NULL);
	sigprocmask(99, &set, NULL); /* refused */
	pthread_sigmask(SIG_BLOCK, NULL, &now);
	sighold(SIGUSR2);
	sigrelse(SIGUSR2);
	sighold(-1); /* refused */
	sigblock(1 << (SIGALRM - 1));
	sigsetmask(1 << (SIGHUP - 1));
	sigset(SIGUSR2, SIG_HOLD);
	sigset(SIGUSR2, SIG_DFL);
	for (int i = 0; i < 4; i++) {
		jump_by(jumps[i], 0);
		jump_by(jumps[i], 1);
	}
	sigprocmask(SIG_BLOCK, NULL, &now);
	printf("%d %d\n", sigismember(&now, SIGHUP), sigismember(&now, SIGUSR2));
	return 0;
}
