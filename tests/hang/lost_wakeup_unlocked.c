/* The waiter looks at the flag without the lock; flag and signal come between its look and its
 * wait. The twin looks again, under the lock. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "support/hang.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static atomic_bool done;

static void *finish(void *unused)
{
	(void)unused;
	hang_await(0, 1);
	pthread_mutex_lock(&lock);
	done = true;
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&lock);
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t finisher;

	hang_begin(argc, argv);
	pthread_create(&finisher, NULL, finish, NULL);
	if (hang_fixed) {
		pthread_mutex_lock(&lock);
		while (!done)
			pthread_cond_wait(&changed, &lock);
		pthread_mutex_unlock(&lock);
		return pthread_join(finisher, NULL);
	}
	if (!done) {
		hang_step(0);
		pthread_join(finisher, NULL);
		pthread_mutex_lock(&lock);
		hang_last(0);
		pthread_cond_wait(&changed, &lock);
		pthread_mutex_unlock(&lock);
	}
	return 0;
}
