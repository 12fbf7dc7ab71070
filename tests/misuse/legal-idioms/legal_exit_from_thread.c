/*
 * A thread calls exit while the others wait, one to join it; handlers of atexit
 * run in it and take a lock that nobody holds.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

static pthread_mutex_t log_mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t idle_mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t idle = PTHREAD_COND_INITIALIZER;
static pthread_barrier_t started;

static void at_exit(void)
{
	pthread_mutex_lock(&log_mutex);
	puts("bye");
	pthread_mutex_unlock(&log_mutex);
}

static void *wait_forever(void *unused)
{
	pthread_mutex_lock(&idle_mutex);
	pthread_barrier_wait(&started);
	for (;;)
		pthread_cond_wait(&idle, &idle_mutex);
	return unused;
}

static void *end_program(void *unused)
{
	pthread_barrier_wait(&started);
	pthread_mutex_lock(&idle_mutex); /* the other waits: it has given it back */
	pthread_mutex_unlock(&idle_mutex);
	exit(0);
	return unused;
}

int main(void)
{
	pthread_t waiter, ender;

	atexit(at_exit);
	pthread_barrier_init(&started, NULL, 2);
	pthread_create(&waiter, NULL, wait_forever, NULL);
	pthread_create(&ender, NULL, end_program, NULL);
	pthread_join(ender, NULL);
	return 1;
}
