/* posix_spawn while another thread works: the child is waited for. */
#include <spawn.h>
#include <sys/wait.h>

#include "race.h"

extern char **environ;
long counter;
pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void count(void)
{
	for (int i = 0; i < RACE_ROUNDS; i++) {
		pthread_mutex_lock(&lock);
		counter++;
		pthread_mutex_unlock(&lock);
	}
}

static void spawn(void)
{
	char *arguments[] = {(char[]){"true"}, NULL};
	pid_t child;

	count();
	if (!posix_spawnp(&child, "true", NULL, NULL, arguments, environ))
		waitpid(child, NULL, 0);
	count();
}

int main(void)
{
	race_run(count, spawn);
	return race_end();
}
