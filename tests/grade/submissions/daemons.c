/* Leaves a process that nobody asked for. */
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
	if (fork() == 0) {
		setsid();
		if (fork() == 0)
			pause();
		_exit(0);
	}
	wait(NULL);
	puts("done");
	return 0;
}
