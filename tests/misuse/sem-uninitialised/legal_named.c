/* Legal: a named semaphore is initialised by sem_open, whoever made it, and opened twice. */
#include <fcntl.h>
#include <semaphore.h>
#include <stdio.h>
#include <unistd.h>

int main(void)
{
	char name[64];
	sem_t *mine, *again;

	snprintf(name, sizeof(name), "/ct-legal-uninitialised-%d", (int)getpid());
	mine = sem_open(name, O_CREAT | O_EXCL, 0600, 1);
	again = sem_open(name, 0);
	sem_unlink(name);
	if (mine == SEM_FAILED || again == SEM_FAILED)
		return 1;
	sem_wait(mine);
	sem_post(again);
	sem_close(again);
	sem_close(mine);
	return 0;
}
