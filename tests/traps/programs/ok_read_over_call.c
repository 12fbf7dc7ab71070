/* What only one thread may touch is read early by the others: compilers move the read out of a
 * loop, and keep it in a register of arguments over a call that does not need it; or join two
 * conditions into one. The program does not ask for those reads. */
#include "trial.h"

static long bonus;
static int flag;
static pthread_barrier_t barrier;

static int __attribute__((noinline)) is_asked_for(int me, int i)
{
	return me == 0 && (i & 1);
}

static long __attribute__((noinline)) sum(int me, int count)
{
	long value = 0;

	for (int i = 0; i < count; i++) {
		if (is_asked_for(me, i))
			value += bonus;
	}
	return value;
}

static void __attribute__((noinline)) lower(int other)
{
	if (other)
		return;
	if (flag)
		return;
	trial_keep();
	flag = 0;
}

static void *work(void *number)
{
	int me = trial_number(number);

	pthread_barrier_wait(&barrier);
	for (int i = 0; i < 20000; i++) {
		if (me == 0)
			bonus = i;
		lower(me != 0);
		trial_use(sum(me, 3 + (i & 3)));
	}
	return NULL;
}

int main(void)
{
	pthread_barrier_init(&barrier, NULL, 2);
	trial_run(2, work);
	return trial_end();
}
