/* Structures are copied under a lock: by assignment, memcpy, memmove and in wide registers. */
#include <string.h>

#include "trial.h"

struct record {
	long values[24];
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct record shared, copies[2];

static void check(const struct record *record)
{
	for (int i = 1; i < 24; i++)
		trial_check(record->values[i] == record->values[0]);
}

static void *work(void *number)
{
	struct record own;

	for (int i = 0; i < 3000; i++) {
		int me = trial_number(number);

		pthread_mutex_lock(&lock);
		own = shared;
		pthread_mutex_unlock(&lock);
		check(&own);
		for (int k = 0; k < 24; k++)
			own.values[k] += me + 1;
		pthread_mutex_lock(&lock);
		if (i % 2)
			memcpy(&shared, &own, sizeof(shared));
		else
			memmove(&shared, &own, sizeof(shared));
		pthread_mutex_unlock(&lock);
		copies[me] = own;
	}
	return NULL;
}

int main(void)
{
	trial_run(2, work);
	check(&shared);
	return trial_end();
}
