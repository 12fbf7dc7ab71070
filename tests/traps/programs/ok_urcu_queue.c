/* Userspace RCU's wait-free queue, from two producers to one consumer.
 * libs: -lurcu -lurcu-common
 * needs: urcu/wfcqueue.h
 * tsan: no
 */
#define _LGPL_SOURCE 1
#include <sched.h>
#include <urcu/wfcqueue.h>

#include "trial.h"

enum { ITEMS = 3000 };

struct item {
	struct cds_wfcq_node node;
	int value, twice;
};

static struct cds_wfcq_head head;
static struct cds_wfcq_tail tail;

static void produce(void)
{
	for (int i = 0; i < ITEMS; i++) {
		struct item *item = malloc(sizeof(*item));

		if (!item)
			abort();
		cds_wfcq_node_init(&item->node);
		item->value = i;
		item->twice = 2 * i;
		cds_wfcq_enqueue(&head, &tail, &item->node);
	}
}

static void consume(void)
{
	for (int i = 0; i < 2 * ITEMS;) {
		struct cds_wfcq_node *node = __cds_wfcq_dequeue_blocking(&head, &tail);
		struct item *item = (struct item *)node;

		if (!node) {
			sched_yield();
			continue;
		}
		trial_check(item->twice == 2 * item->value);
		free(item);
		i++;
	}
}

static void *work(void *number)
{
	if (trial_number(number) == 0)
		consume();
	else
		produce();
	return NULL;
}

int main(void)
{
	cds_wfcq_init(&head, &tail);
	trial_run(3, work);
	return trial_end();
}
