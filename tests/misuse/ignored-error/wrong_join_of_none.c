/*
 * The thread cannot be created, as its stack would be larger than memory; its pthread_t, which is
 * zero still, is joined.
 *
 * expect: ignored-error - wait_for_it begin_it error
 */
#include <pthread.h>

static pthread_t worker;

static void *work(void *unused)
{
	return unused;
}

static void begin_it(void)
{
	pthread_attr_t attributes;

	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, (size_t)1 << 50);
	pthread_create(&worker, &attributes, work, NULL);
	pthread_attr_destroy(&attributes);
}

static void wait_for_it(void)
{
	pthread_join(worker, NULL);
}

int main(void)
{
	begin_it();
	wait_for_it();
	return 0;
}
