/* Two threads burn the processor, each for the spin lock that the other has. */
#include <pthread.h>

#include "support/hang.h"

static pthread_spinlock_t head, tail;

static void take(pthread_spinlock_t *first, pthread_spinlock_t *second, bool last)
{
	pthread_spin_lock(first);
	hang_step(0);
	hang_await(0, 2);
	if (last)
		hang_last(1); /* main; the other one never sleeps */
	pthread_spin_lock(second);
	pthread_spin_unlock(second);
	pthread_spin_unlock(first);
}

static void *push(void *unused)
{
	(void)unused;
	take(&head, &tail, false);
	return NULL;
}

static void *pop(void *unused)
{
	(void)unused;
	if (hang_fixed)
		take(&head, &tail, true);
	else
		take(&tail, &head, true);
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t pusher, popper;

	hang_begin(argc, argv);
	pthread_spin_init(&head, PTHREAD_PROCESS_PRIVATE);
	pthread_spin_init(&tail, PTHREAD_PROCESS_PRIVATE);
	pthread_create(&pusher, NULL, push, NULL);
	pthread_create(&popper, NULL, pop, NULL);
	hang_sleep();
	pthread_join(pusher, NULL);
	return pthread_join(popper, NULL);
}
