/* Concurrency Kit's ring buffer, with one producer and with two.
 * libs: -lck
 * needs: ck_ring.h
 * tsan: no
 */
#include <ck_ring.h>
#include <sched.h>

#include "trial.h"

enum { SIZE = 64, ITEMS = 4000 };

struct item {
	int value;
	long square;
};

static ck_ring_t single, several;
static ck_ring_buffer_t single_slots[SIZE], several_slots[SIZE];

static void produce(ck_ring_t *ring, ck_ring_buffer_t *slots, int is_single, int count)
{
	for (int i = 0; i < count; i++) {
		struct item *item = malloc(sizeof(*item));

		if (!item)
			abort();
		item->value = i;
		item->square = (long)i * i;
		while (!(is_single ? ck_ring_enqueue_spsc(ring, slots, item)
				   : ck_ring_enqueue_mpsc(ring, slots, item)))
			sched_yield();
	}
}

static void consume(ck_ring_t *ring, const ck_ring_buffer_t *slots, int is_single, int count)
{
	for (int i = 0; i < count; i++) {
		struct item *item;

		while (!(is_single ? ck_ring_dequeue_spsc(ring, slots, &item)
				   : ck_ring_dequeue_mpsc(ring, slots, &item)))
			sched_yield();
		trial_check(item->square == (long)item->value * item->value);
		free(item);
	}
}

static void *work(void *number)
{
	switch (trial_number(number)) {
	case 0:
		produce(&single, single_slots, 1, ITEMS);
		produce(&several, several_slots, 0, ITEMS / 2);
		break;
	case 1:
		consume(&single, single_slots, 1, ITEMS);
		consume(&several, several_slots, 0, ITEMS);
		break;
	default:
		produce(&several, several_slots, 0, ITEMS / 2);
	}
	return NULL;
}

int main(void)
{
	ck_ring_init(&single, SIZE);
	ck_ring_init(&several, SIZE);
	trial_run(3, work);
	return trial_end();
}
