/* Atomic accesses to plain numbers by functions of the program's own, whose names do not say so.
 * Their one writer reads them as they are. */
#include "trial.h"

struct box {
	int state, value;
};

static int level, copy, ready;
static struct box *box;

static inline int get(const int *from)
{
	return __atomic_load_n(from, __ATOMIC_ACQUIRE);
}

static inline void put(int *to, int value)
{
	__atomic_store_n(to, value, __ATOMIC_RELEASE);
}

static void write_all(int i)
{
	int next;

	put(&level, i);
	put(&box->state, i & 1);
	next = level + 1;
	put(&copy, next);
	if (level > 5)
		put(&ready, 1);
}

static int read_all(void)
{
	int sum = get(&level);

	if (get(&box->state))
		sum++;
	if (get(&ready) == 1)
		sum += get(&copy);
	return sum;
}

static void *work(void *number)
{
	int me = trial_number(number);

	for (int i = 0; i < 20000; i++) {
		if (me == 0)
			write_all(i);
		else
			trial_use(read_all());
	}
	return NULL;
}

int main(void)
{
	box = calloc(1, sizeof(*box));
	if (!box)
		return 1;
	level = 1;
	ready = 0;
	copy = 3;
	box->state = 0;
	trial_run(3, work);
	level = 2;
	copy = level + box->state;
	box->value = copy;
	free(box);
	return trial_end();
}
