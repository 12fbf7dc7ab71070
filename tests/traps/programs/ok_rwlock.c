/* A table that many read and one changes, under a reader-writer lock. */
#include "trial.h"

static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
static struct {
	int version, copies[16];
} table;

static void *work(void *number)
{
	for (int i = 0; i < 3000; i++) {
		if (trial_number(number) == 0) {
			pthread_rwlock_wrlock(&lock);
			table.version++;
			for (int k = 0; k < 16; k++)
				table.copies[k] = table.version;
			pthread_rwlock_unlock(&lock);
		} else {
			pthread_rwlock_rdlock(&lock);
			trial_check(table.copies[i % 16] == table.version);
			pthread_rwlock_unlock(&lock);
		}
	}
	return NULL;
}

int main(void)
{
	trial_run(3, work);
	return trial_end();
}
