/*
 * Teaches: a daemon thread serves the others and dies with the program; nobody waits for it.
 *
 * A worker does what the program is for. A daemon shows its progress for ever. In C each thread is
 * a daemon once main() returns, so main joins the worker, and detaches the daemon, as nobody will.
 *
 *   daemon           main returns when the worker is done; the daemon ends with it
 *   daemon --fixed   main ends alone, by pthread_exit(): the program lives until its last thread
 *                    ends, so the daemon must be told to (the word for it: a non-daemon thread)
 *
 * conctrace has nothing to say of either: a detached thread that waits when the program ends is no
 * hang and no leak.
 */
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <time.h>
#include <unistd.h>

#include "common/options.h"

#define STEPS 10

static struct options options;
static atomic_int step;
static sem_t shown; /* the daemon has begun */

static void *daemon_thread(void *unused)
{
	(void)unused;
	do {
		sem_post(&shown);
		nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);
	} while (!options.fixed || step < STEPS);
	return NULL;
}

static void *worker_thread(void *unused)
{
	(void)unused;
	while (step < STEPS) {
		nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
		step++;
	}
	printf("the worker did %d steps\n", (int)step);
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t worker, watcher;

	read_options(argc, argv, "f", &options);
	sem_init(&shown, 0, 0);
	if (pthread_create(&watcher, NULL, daemon_thread, NULL) != 0 ||
	    pthread_create(&worker, NULL, worker_thread, NULL) != 0)
		return 1;
	pthread_detach(watcher);
	sem_wait(&shown);
	if (options.fixed) {
		pthread_detach(worker);
		pthread_exit(NULL);
	}
	pthread_join(worker, NULL);
	return step == STEPS ? 0 : 1;
}
