/*
 * Legal: an eventfd that is full says so to a writer that does not want to wait, as asked for; a
 * semaphore that is empty says so to sem_trywait.
 */
#include <errno.h>
#include <semaphore.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <unistd.h>

int main(void)
{
	uint64_t most = UINT64_MAX - 1, one = 1;
	int counter = eventfd(0, EFD_NONBLOCK);
	sem_t empty;

	if (write(counter, &most, sizeof(most)) != sizeof(most))
		return 1;
	if (write(counter, &one, sizeof(one)) != -1 || errno != EAGAIN)
		return 1;
	close(counter);
	sem_init(&empty, 0, 0);
	if (sem_trywait(&empty) != -1 || errno != EAGAIN)
		return 1;
	sem_destroy(&empty);
	return 0;
}
