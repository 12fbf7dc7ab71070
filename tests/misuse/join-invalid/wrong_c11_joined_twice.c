/*
 * The same of C11 threads: joined, then detached.
 *
 * expect: join-invalid - detach_it join_it start_worker error
 */
#include <threads.h>

static int work(void *arg)
{
	(void)arg;
	return 0;
}

static void start_worker(thrd_t *thread)
{
	thrd_create(thread, work, NULL);
}

static void join_it(thrd_t thread)
{
	thrd_join(thread, NULL);
}

static void detach_it(thrd_t thread)
{
	thrd_detach(thread);
}

int main(void)
{
	thrd_t thread;

	start_worker(&thread);
	join_it(thread);
	detach_it(thread);
	return 0;
}
