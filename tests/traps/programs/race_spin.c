/* Two threads take turns by a flag that is no atomic.
 * kind: hot
 */
#include <sched.h>

#include "trial.h"

static int turn;
static long cells[8];

/* The cells are raced for as well: nothing orders them but the flag. */
static void *play(void *number)
{
	int me = trial_number(number);

	for (int i = 0; i < 300; i++) {
		while (turn != me) { /* RACE */
			sched_yield();
			trial_keep();
		}
		cells[i % 8] += i; /* RACE */
		turn = !me;	   /* RACE */
		trial_keep();
	}
	return NULL;
}

int main(void)
{
	trial_run(2, play);
	return trial_end();
}
