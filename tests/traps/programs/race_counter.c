/* Two threads count in one variable, without a lock.
 * kind: hot
 */
#include "trial.h"

static long counter;

static void *count(void *unused)
{
	(void)unused;
	for (int i = 0; i < 300000; i++) {
		counter++; /* RACE */
		trial_keep();
	}
	return NULL;
}

int main(void)
{
	trial_run(2, count);
	return trial_end();
}
