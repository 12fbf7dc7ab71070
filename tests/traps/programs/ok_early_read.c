/* What only one thread may touch is read early by the others where compilers turn a branch into a
 * conditional move: the program does not ask for those reads. */
#include "trial.h"

static long total, most;
static pthread_barrier_t barrier;

static long __attribute__((noinline)) choose(int me, long value)
{
	if (me == 0)
		value += total;
	return value;
}

static long __attribute__((noinline)) limit(int me, long value)
{
	return me == 0 && most < value ? most : value;
}

static void *work(void *number)
{
	int me = trial_number(number);
	long value = me;

	pthread_barrier_wait(&barrier);
	for (int i = 0; i < 20000; i++) {
		value = choose(me, value) & 0xffff;
		value = limit(me, value);
		if (me == 0) {
			total = i;
			most = i * 2L;
		}
		trial_use(value);
	}
	return NULL;
}

int main(void)
{
	pthread_barrier_init(&barrier, NULL, 2);
	trial_run(2, work);
	return trial_end();
}
