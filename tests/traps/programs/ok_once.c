/* Tables that whoever comes first fills, by pthread_once. */
#include "trial.h"

static pthread_once_t once = PTHREAD_ONCE_INIT;
static int table[256];
static pthread_barrier_t barrier;

static void fill(void)
{
	for (int i = 0; i < 256; i++)
		table[i] = i * i;
}

static void *work(void *unused)
{
	(void)unused;
	pthread_barrier_wait(&barrier);
	for (int i = 0; i < 3000; i++) {
		pthread_once(&once, fill);
		trial_check(table[i % 256] == (i % 256) * (i % 256));
	}
	return NULL;
}

int main(void)
{
	pthread_barrier_init(&barrier, NULL, 4);
	trial_run(4, work);
	return trial_end();
}
