/*
 * A thread detaches itself, and is joined nevertheless; a pthread_tryjoin_np says EINVAL. Then it
 * is detached once more.
 *
 * expect: join-invalid - join_it detach_self start_worker error
 * expect: join-invalid - try_to_join_it detach_self start_worker error
 * expect: join-invalid - detach_it detach_self start_worker error
 */
#include <pthread.h>
#include <semaphore.h>

static pthread_barrier_t detached;
static sem_t done;

static void detach_self(void)
{
	pthread_detach(pthread_self());
}

static void *work(void *arg)
{
	detach_self();
	pthread_barrier_wait(&detached);
	sem_wait(&done);
	return arg;
}

static void start_worker(pthread_t *thread)
{
	pthread_create(thread, NULL, work, NULL);
}

static void join_it(pthread_t thread)
{
	pthread_join(thread, NULL);
}

static void try_to_join_it(pthread_t thread)
{
	pthread_tryjoin_np(thread, NULL);
}

static void detach_it(pthread_t thread)
{
	pthread_detach(thread);
}

int main(void)
{
	pthread_t thread;

	pthread_barrier_init(&detached, NULL, 2);
	sem_init(&done, 0, 0);
	start_worker(&thread);
	pthread_barrier_wait(&detached);
	join_it(thread);
	try_to_join_it(thread);
	detach_it(thread);
	sem_post(&done);
	pthread_exit(NULL);
}
