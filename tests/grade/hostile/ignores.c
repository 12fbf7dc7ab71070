/* Ignores all signals and stops a child of its own. */
#include <signal.h>
#include <unistd.h>

int main(void)
{
	for (int i = 1; i < NSIG; i++)
		signal(i, SIG_IGN);
	if (fork() == 0)
		kill(getpid(), SIGSTOP);
	for (;;)
		pause();
}
