/*
 * Semaphores used as locks, taken in opposite orders.
 *   threads   of two threads
 *   named     of two processes that open them by name
 */
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "support/hang.h"

static sem_t printer, scanner;
static char names[2][64];

static void take(sem_t *first, sem_t *second, bool last)
{
	sem_wait(first);
	hang_step(0);
	hang_await(0, 2);
	if (last)
		hang_last(1);
	else
		hang_sleep();
	sem_wait(second);
	sem_post(second);
	sem_post(first);
}

static void *scan(void *unused)
{
	(void)unused;
	if (hang_fixed)
		take(&printer, &scanner, false);
	else
		take(&scanner, &printer, false);
	return NULL;
}

static int with_threads(void)
{
	pthread_t thread;

	sem_init(&printer, 0, 1);
	sem_init(&scanner, 0, 1);
	pthread_create(&thread, NULL, scan, NULL);
	take(&printer, &scanner, true);
	return pthread_join(thread, NULL);
}

static void open_both(int flags, sem_t *out[2])
{
	for (int i = 0; i < 2; i++)
		out[i] = sem_open(names[i], flags, 0600, 1);
}

static int with_names(void)
{
	bool crossed = !hang_fixed;
	sem_t *sems[2];
	pid_t child;

	for (int i = 0; i < 2; i++)
		snprintf(names[i], sizeof(names[i]), "/ct-hang-%d-%d", (int)getpid(), i);
	open_both(O_CREAT | O_EXCL, sems);
	child = fork();
	if (child == 0) {
		open_both(0, sems);
		for (int i = 0; i < 2; i++)
			sem_unlink(names[i]);
		take(sems[crossed], sems[!crossed], false);
		_exit(0);
	}
	take(sems[0], sems[1], true);
	return hang_reap(child);
}

int main(int argc, char **argv)
{
	hang_begin(argc, argv);
	return strcmp(hang_variant, "named") == 0 ? with_names() : with_threads();
}
