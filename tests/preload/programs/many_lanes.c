/*
 * Something for each picture: many_lanes WORKERS ROUNDS [PROCESSES]
 * Each process has so many threads that take turns at a lock, compute, and meet at a barrier after
 * each round; with "tasks" named as regions. Threads of the second half sleep instead of computing.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../../../preload/conctrace.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_barrier_t meet;
static int workers, rounds;

static void compute(int loops)
{
	for (volatile int i = 0; i < loops; i++)
		;
}

static void *work(void *arg)
{
	int number = (int)(long)arg;
	char name[32];

	snprintf(name, sizeof(name), "task <%d> & \"co\"", number);
	for (int i = 0; i < rounds; i++) {
		CONCTRACE_REGION_BEGIN(name);
		if (number < workers / 2)
			compute(1000000);
		else
			nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
		pthread_mutex_lock(&lock);
		compute(50000);
		pthread_mutex_unlock(&lock);
		CONCTRACE_REGION_END();
		pthread_barrier_wait(&meet);
	}
	return NULL;
}

static void run_threads(void)
{
	pthread_t *threads = calloc((size_t)workers, sizeof(*threads));

	pthread_barrier_init(&meet, NULL, (unsigned)workers);
	for (int i = 0; i < workers; i++)
		pthread_create(&threads[i], NULL, work, (void *)(long)i); // NOLINT
	for (int i = 0; i < workers; i++)
		pthread_join(threads[i], NULL);
	free(threads);
}

int main(int argc, char **argv)
{
	int processes = argc > 3 ? atoi(argv[3]) : 0;

	workers = argc > 1 ? atoi(argv[1]) : 4;
	rounds = argc > 2 ? atoi(argv[2]) : 3;
	for (int i = 0; i < processes; i++)
		if (fork() == 0) {
			run_threads();
			return 0;
		}
	if (!processes)
		run_threads();
	while (processes-- > 0)
		wait(NULL);
	return 0;
}
