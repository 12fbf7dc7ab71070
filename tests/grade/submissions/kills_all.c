/* Kills all that it may. */
#include <signal.h>
#include <stdio.h>
#include <sys/types.h>

int main(void)
{
	kill(-1, SIGKILL);
	puts("done");
	return 0;
}
