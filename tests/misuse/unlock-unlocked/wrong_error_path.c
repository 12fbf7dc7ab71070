/*
 * The error path unlocks, and so does the common way out: the second unlock is of a lock that
 * nobody holds, or, worse, that another thread has taken meanwhile.
 *
 * expect: unlock-unlocked queue leave give_up error
 */
#include <pthread.h>

static pthread_mutex_t queue = PTHREAD_MUTEX_INITIALIZER;

static void give_up(void)
{
	pthread_mutex_unlock(&queue);
}

static void leave(void)
{
	pthread_mutex_unlock(&queue);
}

static void take_from_queue(int size)
{
	pthread_mutex_lock(&queue);
	if (size == 0)
		give_up();
	leave();
}

int main(void)
{
	take_from_queue(1);
	take_from_queue(0);
	return 0;
}
