/* A timer whose function runs in a thread of libc's (SIGEV_THREAD). */
#include <semaphore.h>
#include <signal.h>
#include <time.h>

#include "race.h"

sem_t rung;
int fired;

static void ring(union sigval value)
{
	*(int *)value.sival_ptr += 1;
	sem_post(&rung);
}

int main(void)
{
	struct sigevent event = {.sigev_notify = SIGEV_THREAD,
				 .sigev_value.sival_ptr = &fired,
				 .sigev_notify_function = ring};
	struct itimerspec in = {.it_value.tv_nsec = 1000000};
	timer_t timer;

	sem_init(&rung, 0, 0);
	fired = 1;
	if (timer_create(CLOCK_MONOTONIC, &event, &timer))
		return 1;
	timer_settime(timer, 0, &in, NULL);
	while (sem_wait(&rung))
		;
	race_use(fired);
	timer_delete(timer);
	return race_end();
}
