/* The result is read before the thread that makes it is joined. */
#include "race.h"

int result;

static void *compute(void *unused)
{
	(void)unused;
	result = 42;
	return NULL;
}

int main(void)
{
	pthread_t thread;

	pthread_create(&thread, NULL, compute, NULL);
#ifdef FIXED
	pthread_join(thread, NULL);
	race_use(result);
#else
	race_use(result);
	pthread_join(thread, NULL);
#endif
	return race_end();
}
