/* Two threads each change a variable once, right after they began.
 * kind: once
 */
#include "trial.h"

static int shared;

static void *touch(void *number)
{
	shared = shared + trial_number(number); /* RACE */
	return NULL;
}

int main(void)
{
	trial_run(2, touch);
	return trial_end();
}
