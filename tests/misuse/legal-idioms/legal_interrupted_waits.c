/*
 * Another thread's signals interrupt sem_wait, nanosleep and read: who waits looks at EINTR and
 * tries again.
 */
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <unistd.h>

static sem_t semaphore;
static int ends[2];
static volatile sig_atomic_t interrupts;

static void count(int signal)
{
	(void)signal;
	interrupts++;
}

static void *interrupt(void *argument)
{
	pthread_t waiter = *(pthread_t *)argument;

	for (int i = 0; i < 5; i++)
		pthread_kill(waiter, SIGUSR1);
	sem_post(&semaphore);
	for (int i = 0; i < 5; i++)
		pthread_kill(waiter, SIGUSR1);
	return write(ends[1], "", 1) == 1 ? NULL : argument;
}

int main(void)
{
	struct sigaction action = {.sa_handler = count};
	pthread_t self = pthread_self(), thread;
	void *failed;
	char byte;

	sigaction(SIGUSR1, &action, NULL);
	sem_init(&semaphore, 0, 0);
	if (pipe(ends) != 0)
		return 1;
	pthread_create(&thread, NULL, interrupt, &self);
	while (sem_wait(&semaphore) != 0)
		if (errno != EINTR)
			return 2;
	while (read(ends[0], &byte, 1) != 1)
		if (errno != EINTR)
			return 3;
	pthread_join(thread, &failed);
	return failed || interrupts == 0;
}
