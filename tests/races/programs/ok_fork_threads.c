/* A process with threads forks in the middle; parent and child go on, each with memory of its own.
 */
#include <stdlib.h>
#include <sys/wait.h>

#include "race.h"

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

static void fork_and_count(void)
{
	pid_t child;

	pthread_mutex_lock(&lock); /* so that the child finds it in its own hands */
	child = fork();
	pthread_mutex_unlock(&lock);
	count();
	if (child == 0) {
		race_run(count, count);
		_exit(0);
	}
	waitpid(child, NULL, 0);
}

int main(void)
{
	race_run(count, fork_and_count);
	return race_end();
}
