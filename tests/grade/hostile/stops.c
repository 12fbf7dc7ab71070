/* Stops itself and all that it started. */
#include <signal.h>
#include <unistd.h>

int main(void)
{
	for (int i = 0; i < 3; i++)
		fork();
	kill(0, SIGSTOP);
	return 0;
}
