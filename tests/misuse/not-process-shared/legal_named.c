/* Legal: a named semaphore is one for all processes that open it. */
#include <fcntl.h>
#include <semaphore.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
	char name[64];
	sem_t *ready;
	pid_t child;

	snprintf(name, sizeof(name), "/ct-legal-%d", (int)getpid());
	ready = sem_open(name, O_CREAT | O_EXCL, 0600, 0);
	if (ready == SEM_FAILED)
		return 1;
	sem_unlink(name);
	child = fork();
	if (child == 0) {
		sem_post(ready);
		_exit(0);
	}
	sem_wait(ready);
	waitpid(child, NULL, 0);
	sem_close(ready);
	return 0;
}
