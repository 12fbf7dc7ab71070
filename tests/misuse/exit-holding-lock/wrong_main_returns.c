/*
 * main forgets to unlock before it returns. The lock ends with the process: a note.
 *
 * expect: exit-holding-lock lock lock_it note
 */
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void lock_it(void)
{
	pthread_mutex_lock(&lock);
}

int main(void)
{
	lock_it();
	return 0;
}
