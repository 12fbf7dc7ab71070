/*
 * A semaphore is destroyed, and its memory unmapped, while a thread waits for it.
 *
 * expect: destroy-busy - destroy_it wait_for_it init_it error
 */
#include <pthread.h>
#include <semaphore.h>
#include <sys/mman.h>
#include <time.h>

static sem_t *semaphore;
static pthread_barrier_t begun;

static void init_it(void)
{
	semaphore = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	sem_init(semaphore, 0, 0);
}

static void *wait_for_it(void *unused)
{
	struct timespec limit;

	clock_gettime(CLOCK_REALTIME, &limit);
	limit.tv_sec++;
	pthread_barrier_wait(&begun);
	sem_timedwait(semaphore, &limit);
	return unused;
}

/* sem_getvalue does not count waiters; glibc's upper half of the semaphore does. Read by an
 * instruction that can be no data race. */
static int is_waited_for(void)
{
	return __atomic_fetch_add((unsigned *)semaphore + 1, 0, __ATOMIC_RELAXED) != 0;
}

static void destroy_it(void)
{
	sem_destroy(semaphore);
}

int main(void)
{
	pthread_t thread;

	init_it();
	pthread_barrier_init(&begun, NULL, 2);
	pthread_create(&thread, NULL, wait_for_it, NULL);
	pthread_barrier_wait(&begun);
	while (!is_waited_for())
		;
	destroy_it();
	pthread_join(thread, NULL);
	return munmap(semaphore, 4096);
}
