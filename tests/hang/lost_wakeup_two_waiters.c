/* Two threads wait for the gate to open, one signal opens it: the second waits for ever. The twin
 * broadcasts. */
#include <pthread.h>
#include <stdbool.h>

#include "support/hang.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t opened = PTHREAD_COND_INITIALIZER;
static bool is_open;
static int waiting, passed;

static void *pass(void *unused)
{
	(void)unused;
	pthread_mutex_lock(&lock);
	waiting++;
	while (!is_open)
		pthread_cond_wait(&opened, &lock);
	passed++;
	pthread_mutex_unlock(&lock);
	return NULL;
}

/* Both have released the lock in their wait, when it is free and both are counted. */
static bool both_wait(void)
{
	bool both;

	pthread_mutex_lock(&lock);
	both = waiting == 2;
	pthread_mutex_unlock(&lock);
	return both;
}

int main(int argc, char **argv)
{
	pthread_t threads[2];

	hang_begin(argc, argv);
	for (int i = 0; i < 2; i++)
		pthread_create(&threads[i], NULL, pass, NULL);
	while (!hang_fixed && !both_wait())
		;
	pthread_mutex_lock(&lock);
	is_open = true;
	if (hang_fixed)
		pthread_cond_broadcast(&opened);
	else
		pthread_cond_signal(&opened);
	pthread_mutex_unlock(&lock);
	hang_last(0);
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	return passed != 2;
}
