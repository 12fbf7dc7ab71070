/* A cancelled thread's clean-up handlers run before the join returns. */
#include "race.h"

int cleaned;
int worked;
pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
pthread_cond_t never = PTHREAD_COND_INITIALIZER;

static void clean(void *unused)
{
	(void)unused;
	cleaned = worked + 1;
	pthread_mutex_unlock(&lock);
}

static void *wait_for_ever(void *unused)
{
	(void)unused;
	pthread_mutex_lock(&lock);
	pthread_cleanup_push(clean, NULL);
	worked = 1;
	for (;;)
		pthread_cond_wait(&never, &lock);
	pthread_cleanup_pop(1);
	return NULL;
}

int main(void)
{
	pthread_t thread;

	pthread_create(&thread, NULL, wait_for_ever, NULL);
	pthread_cancel(thread);
	pthread_join(thread, NULL);
	race_use(cleaned + worked);
	return race_end();
}
