/* Userspace RCU: readers without locks, a writer that waits for them, and its atomic functions.
 * libs: -lurcu -lurcu-common
 * needs: urcu.h
 * tsan: no
 */
#include <urcu.h>

#include "trial.h"

enum { CHANGES = 300, LOOKS = 5000 };

struct config {
	int size, twice;
};

static struct config *current;
static unsigned long looks;

static void look(void)
{
	const struct config *seen;

	rcu_read_lock();
	seen = rcu_dereference(current);
	trial_check(!seen || seen->twice == 2 * seen->size);
	rcu_read_unlock();
	uatomic_inc(&looks);
}

static void change(int size)
{
	struct config *next = malloc(sizeof(*next)), *old;

	if (!next)
		abort();
	next->size = size;
	next->twice = 2 * size;
	old = rcu_xchg_pointer(&current, next);
	synchronize_rcu();
	free(old);
}

static void *work(void *number)
{
	rcu_register_thread();
	if (trial_number(number) == 0)
		for (int i = 0; i < CHANGES; i++)
			change(i);
	else
		for (int i = 0; i < LOOKS; i++)
			look();
	rcu_unregister_thread();
	return NULL;
}

int main(void)
{
	trial_run(3, work);
	trial_check(uatomic_read(&looks) == 2 * LOOKS);
	return trial_end();
}
