/* Prints "THREAD ADDRESS": a variable on the stack of each thread, which was made with sizes of its
 * own, of the process, and on memory of the program's. */
#include "calls_thread.h"

static void *show(void *unused)
{
	int local;

	(void)unused;
	printf("%d %p\n", calls_self, (void *)&local);
	return NULL;
}

static void run(const pthread_attr_t *attributes)
{
	struct calls_thread thread;

	calls_start_with(&thread, attributes, show, NULL);
	pthread_join(thread.id, NULL);
}

int main(void)
{
	pthread_attr_t a;
	size_t size = 1 << 18;

	run(NULL);
	pthread_attr_init(&a);
	pthread_attr_setstacksize(&a, size);
	run(&a);
	pthread_attr_setstack(&a, calls_shared(size), size);
	run(&a);
	pthread_attr_destroy(&a);
	pthread_attr_init(&a);
	pthread_attr_setstacksize(&a, size);
	pthread_setattr_default_np(&a);
	run(NULL);
	return 0;
}
