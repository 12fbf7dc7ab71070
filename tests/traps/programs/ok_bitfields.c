/* Bit-fields of one word under one lock; a zero-width field keeps another word apart. */
#include "trial.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct {
	unsigned dirty : 1, locked : 1, uses : 14, users : 16;
	unsigned : 0;
	unsigned own : 12; /* of thread 0 alone */
} page;

static void *work(void *number)
{
	for (int i = 0; i < 5000; i++) {
		pthread_mutex_lock(&lock);
		if (trial_number(number)) {
			page.uses++;
			page.dirty = 1;
		} else {
			page.users++;
			page.locked = !page.locked;
		}
		pthread_mutex_unlock(&lock);
		if (trial_number(number) == 0)
			page.own++;
		trial_keep();
	}
	return NULL;
}

int main(void)
{
	trial_run(2, work);
	trial_check(page.uses == 5000 && page.users == 5000 && page.own == 5000 - 4096);
	return trial_end();
}
