/*
 * A forked child uses a semaphore that is its own, and that neither it nor its parent initialised.
 *
 * expect: sem-uninitialised slots give_slot error
 */
#include <semaphore.h>
#include <sys/wait.h>
#include <unistd.h>

static sem_t slots;

static void give_slot(void)
{
	sem_post(&slots);
}

static int take_slot(void)
{
	return sem_trywait(&slots);
}

int main(void)
{
	pid_t child = fork();

	if (child == 0) {
		give_slot();
		_exit(take_slot() ? 1 : 0);
	}
	waitpid(child, NULL, 0);
	return 0;
}
