/* Three threads: each writes to its own shelf and then asks to read the next one's. */
#include <pthread.h>

#include "support/hang.h"

enum { SHELVES = 3 };

static pthread_rwlock_t shelf[SHELVES];

static void *tidy(void *arg)
{
	int own = (int)((pthread_rwlock_t *)arg - shelf), next = (own + 1) % SHELVES;
	int first = hang_fixed && next < own ? next : own, second = own + next - first;

	pthread_rwlock_wrlock(&shelf[first]);
	hang_step(0);
	hang_await(0, SHELVES);
	if (own == 1)
		hang_last(SHELVES); /* two others and main */
	else
		hang_sleep();
	pthread_rwlock_rdlock(&shelf[second]);
	pthread_rwlock_unlock(&shelf[second]);
	pthread_rwlock_unlock(&shelf[first]);
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t threads[SHELVES];

	hang_begin(argc, argv);
	for (int i = 0; i < SHELVES; i++)
		pthread_rwlock_init(&shelf[i], NULL);
	for (int i = 0; i < SHELVES; i++)
		pthread_create(&threads[i], NULL, tidy, &shelf[i]);
	hang_sleep();
	for (int i = 0; i < SHELVES; i++)
		pthread_join(threads[i], NULL);
	return 0;
}
