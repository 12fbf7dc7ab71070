/*
 * Legal: the child initialises a semaphore of its own where the parent's copy lies. And what only
 * one of the two processes uses after the fork is shared by nobody.
 */
#include <semaphore.h>
#include <sys/wait.h>
#include <unistd.h>

static sem_t anew, childs;

int main(void)
{
	pid_t child;

	sem_init(&anew, 1, 0);
	sem_init(&childs, 1, 1);
	sem_wait(&childs);
	sem_post(&childs);
	child = fork();
	if (child == 0) {
		sem_init(&anew, 1, 1);
		sem_wait(&anew);
		sem_wait(&childs);
		_exit(0);
	}
	sem_post(&anew);
	waitpid(child, NULL, 0);
	sem_destroy(&anew);
	sem_destroy(&childs);
	return 0;
}
