/* Two threads meet at a barrier; then one writes and the other reads, once.
 * kind: once
 */
#include "trial.h"

static pthread_barrier_t barrier;
static int result;

static void *meet(void *number)
{
	pthread_barrier_wait(&barrier);
	if (trial_number(number))
		result = 42; /* RACE */
	else if (result)     /* RACE */
		trial_keep();
	return NULL;
}

int main(void)
{
	pthread_barrier_init(&barrier, NULL, 2);
	trial_run(2, meet);
	return trial_end();
}
