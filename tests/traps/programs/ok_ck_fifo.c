/* Concurrency Kit's queue with one producer and one consumer.
 * libs: -lck
 * needs: ck_fifo.h
 * tsan: no
 */
#include <ck_fifo.h>
#include <sched.h>

#include "trial.h"

enum { ITEMS = 5000 };

static ck_fifo_spsc_t fifo;
static int values[ITEMS];

static ck_fifo_spsc_entry_t *entry(void)
{
	ck_fifo_spsc_entry_t *made = malloc(sizeof(*made));

	if (!made)
		abort();
	return made;
}

static void *work(void *number)
{
	for (int i = 0; i < ITEMS; i++) {
		if (trial_number(number) == 0) {
			ck_fifo_spsc_entry_t *unused = ck_fifo_spsc_recycle(&fifo);

			values[i] = i;
			ck_fifo_spsc_enqueue(&fifo, unused ? unused : entry(), &values[i]);
		} else {
			int *value;

			while (!ck_fifo_spsc_dequeue(&fifo, &value))
				sched_yield();
			trial_check(*value == i);
		}
	}
	return NULL;
}

int main(void)
{
	ck_fifo_spsc_init(&fifo, entry());
	trial_run(2, work);
	return trial_end();
}
