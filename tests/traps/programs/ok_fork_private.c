/* After fork each process has memory of its own, at the same addresses. */
#include "shared.h"

static long counter;
static long *heap;

static void count(void *unused)
{
	(void)unused;
	for (int i = 0; i < 50000; i++) {
		counter++;
		heap[i % 8]++;
		trial_keep();
	}
	trial_check(counter == 50000);
}

static void *in_thread(void *unused)
{
	(void)unused;
	return NULL;
}

int main(void)
{
	heap = calloc(8, sizeof(*heap));
	if (!heap)
		abort();
	trial_run(2, in_thread);
	shared_run(count, NULL, NULL);
	free(heap);
	return trial_end();
}
