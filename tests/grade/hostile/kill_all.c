/* Kills all that it may, and then a child goes on; only where that is not everybody: argv[1] is the
 * namespace of processes of whoever runs us. */
#include <signal.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	char space[64] = "";

	if (argc < 2 || readlink("/proc/self/ns/pid", space, sizeof(space) - 1) <= 0)
		return 99;
	if (strcmp(space, argv[1]) == 0 && (getuid() < 60706 || getuid() > 61183))
		return 99; /* neither processes nor user of its own */
	if (fork() == 0) {
		setsid();
		kill(-1, SIGKILL);
		for (;;)
			pause();
	}
	for (;;)
		pause();
}
