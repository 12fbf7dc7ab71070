/*
 * What a handler may call: write, sem_post, clock_gettime, kill, and _exit in the end. It keeps
 * errno.
 */
#include <errno.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static sem_t posted;
static volatile sig_atomic_t count;

static void on_alarm(int signal)
{
	int before = errno;
	struct timespec now;

	(void)signal;
	clock_gettime(CLOCK_MONOTONIC, &now);
	(void)!write(STDOUT_FILENO, "alarm\n", 6);
	sem_post(&posted);
	count++;
	errno = before;
}

int main(void)
{
	setvbuf(stdout, NULL, _IONBF, 0);
	sem_init(&posted, 0, 0);
	signal(SIGALRM, on_alarm);
	printf("working\n");
	free(malloc(100));
	ualarm(1000, 0);
	while (!count)
		;
	while (sem_wait(&posted) != 0 && errno == EINTR)
		;
	printf("done\n");
	return 0;
}
