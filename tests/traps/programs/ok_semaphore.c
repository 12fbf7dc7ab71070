/* Two threads take turns by two semaphores; what they share has no lock. */
#include <semaphore.h>

#include "trial.h"

static sem_t turns[2];
static struct {
	long count;
	int last;
} shared;

static void *work(void *number)
{
	int me = trial_number(number);

	for (int i = 0; i < 2000; i++) {
		sem_wait(&turns[me]);
		trial_check(shared.last != me);
		shared.last = me;
		shared.count++;
		sem_post(&turns[!me]);
	}
	return NULL;
}

int main(void)
{
	shared.last = 1;
	sem_init(&turns[0], 0, 1);
	sem_init(&turns[1], 0, 0);
	trial_run(2, work);
	trial_check(shared.count == 4000);
	return trial_end();
}
