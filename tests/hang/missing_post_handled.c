/*
 * A consumer waits for a post that never comes, in a program that handles a signal: its handler
 * could post, or end the program. Nobody sends it. The wait is for a
 *
 *	semaphore   which the handler could post
 *	pipe        to which it could write
 *	condition   which it could signal
 */
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "support/hang.h"

static sem_t items;
static int ends[2];
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static volatile sig_atomic_t stopped;
static int ready;

static void stop(int number)
{
	(void)number;
	stopped = 1;
}

static void consume(void)
{
	char byte;

	if (strcmp(hang_variant, "semaphore") == 0) {
		sem_wait(&items);
	} else if (strcmp(hang_variant, "pipe") == 0) {
		if (read(ends[0], &byte, 1) != 1)
			stopped = 1;
	} else {
		pthread_mutex_lock(&mutex);
		while (!ready && !stopped)
			pthread_cond_wait(&cond, &mutex);
		pthread_mutex_unlock(&mutex);
	}
}

static void produce(void)
{
	pthread_mutex_lock(&mutex);
	ready = 1;
	pthread_cond_signal(&cond);
	pthread_mutex_unlock(&mutex);
	sem_post(&items);
	if (write(ends[1], "", 1) != 1)
		stopped = 1;
}

static void *consumer(void *unused)
{
	(void)unused;
	hang_sleep();
	consume();
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t thread;

	hang_begin(argc, argv);
	signal(SIGINT, stop);
	sem_init(&items, 0, 0);
	if (pipe(ends) != 0)
		return 1;
	pthread_create(&thread, NULL, consumer, NULL);
	if (hang_fixed)
		produce();
	hang_last(1);
	return pthread_join(thread, NULL);
}
