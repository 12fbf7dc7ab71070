/* All threads get the address of one loop variable. */
#include "race.h"

static void *work(void *number)
{
	race_use(*(int *)number);
	return NULL;
}

int main(void)
{
	pthread_t threads[2];
#ifdef FIXED
	int numbers[2];
#endif
	int i;

	for (i = 0; i < 2; i++) {
#ifdef FIXED
		numbers[i] = i;
		pthread_create(&threads[i], NULL, work, &numbers[i]);
#else
		pthread_create(&threads[i], NULL, work, &i);
#endif
	}
	for (int t = 0; t < 2; t++)
		pthread_join(threads[t], NULL);
	return race_end();
}
