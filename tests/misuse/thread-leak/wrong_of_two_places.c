/*
 * Readers are joined, writers are not. A timed join that gave up counts for nothing, nor does a
 * pthread_tryjoin_np that came too early.
 *
 * expect: thread-leak - start_writer warning
 */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static atomic_int writer;
static pthread_barrier_t tried;

static void *read_all(void *arg)
{
	return arg;
}

static void *write_all(void *arg)
{
	atomic_store(&writer, (int)syscall(SYS_gettid));
	pthread_barrier_wait(&tried);
	return arg;
}

static void start_writer(pthread_t *thread)
{
	pthread_create(thread, NULL, write_all, NULL);
}

static void start_reader(pthread_t *thread)
{
	pthread_create(thread, NULL, read_all, NULL);
}

static void try_to_join(pthread_t thread)
{
	struct timespec past = {.tv_sec = 1};

	if (pthread_tryjoin_np(thread, NULL) != EBUSY ||
	    pthread_timedjoin_np(thread, NULL, &past) != ETIMEDOUT)
		abort();
}

int main(void)
{
	pthread_t thread;

	pthread_barrier_init(&tried, NULL, 2);
	start_writer(&thread);
	try_to_join(thread);
	pthread_barrier_wait(&tried);
	while (!atomic_load(&writer))
		sched_yield();
	while (syscall(SYS_tgkill, getpid(), atomic_load(&writer), 0) == 0)
		sched_yield();
	pthread_barrier_destroy(&tried);
	start_reader(&thread);
	pthread_join(thread, NULL);
	return 0;
}
