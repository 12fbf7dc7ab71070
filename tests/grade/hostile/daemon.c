/* Leaves a daemon behind that ignores what can be ignored. */
#include <signal.h>
#include <unistd.h>

int main(void)
{
	int ready[2];
	char byte;

	if (pipe(ready) != 0)
		return 1;
	if (fork() == 0) {
		setsid();
		if (fork() != 0)
			_exit(0);
		for (int i = 1; i < NSIG; i++)
			signal(i, SIG_IGN);
		setsid();
		if (write(ready[1], "x", 1) != 1)
			_exit(1);
		for (int fd = 0; fd < 64; fd++)
			close(fd);
		for (;;)
			pause();
	}
	return read(ready[0], &byte, 1) != 1;
}
