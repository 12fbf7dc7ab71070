/* main joins `first`, which joins `second`, which joins main. (Two that join each other would get
 * EDEADLK from libc, three do not.) */
#include <pthread.h>

#include "support/hang.h"

static pthread_t main_thread, second;

static void *join_main(void *unused)
{
	(void)unused;
	if (!hang_fixed) {
		hang_sleep();
		pthread_join(main_thread, NULL);
	}
	return NULL;
}

static void *join_second(void *unused)
{
	(void)unused;
	hang_sleep();
	pthread_join(second, NULL);
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t first;

	hang_begin(argc, argv);
	main_thread = pthread_self();
	pthread_create(&second, NULL, join_main, NULL);
	pthread_create(&first, NULL, join_second, NULL);
	hang_last(2);
	return pthread_join(first, NULL);
}
