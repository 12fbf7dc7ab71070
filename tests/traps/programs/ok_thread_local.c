/* Thread-local data, also through pointers, and pthread_setspecific. */
#include "trial.h"

static __thread long count;
static __thread int cells[16];
static pthread_key_t key;

static void __attribute__((noinline)) bump(long *at)
{
	*at += 1;
	trial_keep();
}

static void *work(void *unused)
{
	int *own = calloc(16, sizeof(*own));

	(void)unused;
	if (!own)
		abort();
	pthread_setspecific(key, own);
	for (int i = 0; i < 20000; i++) {
		int *mine = pthread_getspecific(key);

		bump(&count);
		cells[i % 16]++;
		mine[i % 16]++;
	}
	trial_check(count == 20000 && cells[3] == 1250 && own[3] == 1250);
	return NULL;
}

int main(void)
{
	pthread_key_create(&key, free);
	trial_run(4, work);
	return trial_end();
}
