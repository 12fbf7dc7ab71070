/*
 * A lock on a thread's stack or in its thread-local storage ends when the thread does: nobody can
 * ask for it any more.
 */
#include <pthread.h>

static __thread pthread_mutex_t of_thread = PTHREAD_MUTEX_INITIALIZER;

static void *work(void *arg)
{
	pthread_mutex_t on_stack = PTHREAD_MUTEX_INITIALIZER;

	pthread_mutex_lock(&of_thread);
	pthread_mutex_lock(&on_stack);
	return arg;
}

int main(void)
{
	for (int i = 0; i < 20; i++) {
		pthread_t threads[2];

		pthread_create(&threads[0], NULL, work, NULL);
		pthread_create(&threads[1], NULL, work, NULL);
		pthread_join(threads[0], NULL);
		pthread_join(threads[1], NULL);
	}
	return 0;
}
