/* main ends by pthread_exit; the process ends with its last thread, with status 0. */
#include "calls_thread.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_t main_thread;

static void *outlive(void *unused)
{
	void *value = NULL;

	(void)unused;
	CALL(main_thread, 0, pthread_join, (main_thread, &value), 0, "request blocked");
	CALLS_IS(value, &mutex);
	CALL(&mutex, 0, pthread_mutex_lock, (&mutex), 0, "-");
	if (calls_end())
		_exit(1);
	return NULL;
}

int main(void)
{
	static struct calls_thread thread;

	main_thread = pthread_self();
	calls_start(&thread, outlive, NULL);
	calls_expect("pthread_exit", (uintptr_t)&mutex, 0, 0, "-");
	pthread_exit(&mutex);
}
