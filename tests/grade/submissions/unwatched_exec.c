/* Goes on as a program that is not recorded. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void *work(void *unused)
{
	(void)unused;
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t thread;

	(void)argv;
	if (argc == 1) {
		pthread_create(&thread, NULL, work, NULL);
		pthread_join(thread, NULL);
		unsetenv("LD_PRELOAD");
		execl("/proc/self/exe", "program", "again", (char *)NULL);
		return 1;
	}
	puts("done");
	return 0;
}
