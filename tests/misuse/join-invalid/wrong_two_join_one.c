/*
 * Two threads join the same one at a time. glibc may refuse one of them, which then goes on without
 * having waited, or leave one of them waiting for ever.
 *
 * expect: join-invalid - join_it join_it start_worker error
 */
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

static pthread_t worker;
static atomic_int first, second;
static sem_t joined;

/* The kernel says that it sleeps, with signals let in: else it may be held at a trap. */
static bool sleeps(const char *path)
{
	FILE *status = fopen(path, "r");
	unsigned long long blocked = ~0ull;
	char line[128], state = 'R';

	if (!status)
		return true;
	while (fgets(line, sizeof(line), status)) {
		sscanf(line, "State: %c", &state);
		sscanf(line, "SigBlk: %llx", &blocked);
	}
	fclose(status);
	return state != 'R' && !blocked;
}

static void wait_until_it_joins(atomic_int *joiner)
{
	char path[64];

	while (!atomic_load(joiner))
		sched_yield();
	snprintf(path, sizeof(path), "/proc/self/task/%d/status", atomic_load(joiner));
	while (!sleeps(path))
		sched_yield();
}

static void *work(void *arg)
{
	wait_until_it_joins(&first);
	wait_until_it_joins(&second);
	return arg;
}

static void start_worker(void)
{
	pthread_create(&worker, NULL, work, NULL);
}

static void *join_it(void *joiner)
{
	atomic_store((atomic_int *)joiner, (int)syscall(SYS_gettid));
	pthread_join(worker, NULL);
	sem_post(&joined);
	return NULL;
}

int main(void)
{
	pthread_t joiner;

	sem_init(&joined, 0, 0);
	start_worker();
	pthread_create(&joiner, NULL, join_it, &first);
	pthread_detach(joiner);
	pthread_create(&joiner, NULL, join_it, &second);
	pthread_detach(joiner);
	sem_wait(&joined);
	return 0;
}
