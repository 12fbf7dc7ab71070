/* Double-checked locking with an atomic pointer. */
#include <stdatomic.h>

#include "trial.h"

struct table {
	int squares[64];
};

enum { TABLES = 200 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static _Atomic(struct table *) tables[TABLES];

static struct table *make(void)
{
	struct table *made = malloc(sizeof(*made));

	if (!made)
		abort();
	for (int i = 0; i < 64; i++)
		made->squares[i] = i * i;
	return made;
}

static const struct table *get(int which)
{
	struct table *table = atomic_load_explicit(&tables[which], memory_order_acquire);

	if (table)
		return table;
	pthread_mutex_lock(&lock);
	table = atomic_load_explicit(&tables[which], memory_order_relaxed);
	if (!table) {
		table = make();
		atomic_store_explicit(&tables[which], table, memory_order_release);
	}
	pthread_mutex_unlock(&lock);
	return table;
}

static void *work(void *unused)
{
	(void)unused;
	for (int i = 0; i < TABLES * 10; i++)
		trial_check(get(i / 10)->squares[i % 64] == (i % 64) * (i % 64));
	return NULL;
}

int main(void)
{
	trial_run(3, work);
	return trial_end();
}
