/* Concurrency Kit's sequence lock; what it protects is read and written by its atomic functions.
 * libs: -lck
 * needs: ck_sequence.h
 * tsan: no
 */
#include <ck_pr.h>
#include <ck_sequence.h>

#include "trial.h"

static ck_sequence_t sequence = CK_SEQUENCE_INITIALIZER;
static struct {
	unsigned int x, y;
	uint64_t sum;
} shared;

static void change(unsigned int i)
{
	ck_sequence_write_begin(&sequence);
	ck_pr_store_uint(&shared.x, i);
	ck_pr_store_uint(&shared.y, 2 * i);
	ck_pr_store_64(&shared.sum, (uint64_t)i * 3);
	ck_sequence_write_end(&sequence);
}

static void look(void)
{
	unsigned int version, x, y;
	uint64_t sum;

	do {
		version = ck_sequence_read_begin(&sequence);
		x = ck_pr_load_uint(&shared.x);
		y = ck_pr_load_uint(&shared.y);
		sum = ck_pr_load_64(&shared.sum);
	} while (ck_sequence_read_retry(&sequence, version));
	trial_check(sum == (uint64_t)x + y);
}

static void *work(void *number)
{
	for (unsigned int i = 0; i < 5000; i++) {
		if (trial_number(number) == 0) {
			change(i);
			trial_use(trial_mix(i));
		} else {
			look();
		}
	}
	return NULL;
}

int main(void)
{
	trial_run(2, work);
	return trial_end();
}
