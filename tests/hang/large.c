/*
 * Records much, then hangs: what its waits depend on was done long before. `handler` and `timer`
 * only wait: a signal may come, or does.
 *
 *   large [--fixed] MB BULK VARIANT
 *
 * BULK is what two threads do until about MB megabytes are recorded: `locks`, or `posts`, `signals`
 * or `bytes` through the very objects that the hang is about.
 */
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/hang.h"

enum { THREADS = 2, ROUND = 1000, WARM_UP = 200, PIECE = 4096 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER, other = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t ready = PTHREAD_COND_INITIALIZER;
static pthread_barrier_t barrier;
static sem_t items;
static int ends[2], to_child[2];
static const char *bulk;
static long rounds;
static bool is_ready;
static pid_t child;

static bool is(const char *text, const char *word)
{
	return strcmp(text, word) == 0;
}

/* One round is about 48 KB of records, whatever it is made of. */
static void work_once(void)
{
	pthread_mutex_t own = PTHREAD_MUTEX_INITIALIZER;
	char byte = 0;

	for (int i = 0; i < ROUND; i++) {
		if (is(bulk, "posts")) {
			sem_post(&items);
			sem_wait(&items);
		} else if (is(bulk, "signals")) {
			pthread_cond_signal(&ready);
			pthread_cond_broadcast(&ready);
		} else if (is(bulk, "bytes")) {
			if (write(ends[1], &byte, 1) != 1 || read(ends[0], &byte, 1) != 1)
				exit(1);
		} else {
			pthread_mutex_lock(&own);
			pthread_mutex_unlock(&own);
		}
	}
}

static void *work(void *unused)
{
	(void)unused;
	for (long i = 0; i < rounds; i++)
		work_once();
	return NULL;
}

static void work_much(long megabytes)
{
	pthread_t threads[THREADS];

	rounds = megabytes * 1000 / 48 / THREADS;
	for (int i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, work, NULL);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
}

static void post(int signal)
{
	(void)signal;
	sem_post(&items);
}

static void post_in(int signal_number)
{
	struct sigaction action = {.sa_handler = post};

	sigaction(signal_number, &action, NULL);
}

static void drain(int from)
{
	char buffer[PIECE];

	while (read(from, buffer, sizeof(buffer)) > 0)
		;
}

/* What the waits depend on; neither at the begin of the record nor at its end. */
static void prepare(void)
{
	struct itimerval soon = {.it_value.tv_sec = 2};

	if (is(hang_variant, "handler")) {
		post_in(SIGUSR1);
	} else if (is(hang_variant, "timer")) {
		post_in(SIGALRM);
		setitimer(ITIMER_REAL, &soon, NULL);
	} else if (is(hang_variant, "child")) {
		child = fork();
		if (child == 0) {
			close(to_child[1]);
			drain(to_child[0]);
			_exit(0);
		}
		close(ends[1]);
		work_once();
	}
}

static void *wait_for_ready(void *unused)
{
	(void)unused;
	pthread_mutex_lock(&lock);
	hang_sleep();
	while (!is_ready)
		pthread_cond_wait(&ready, &lock);
	pthread_mutex_unlock(&lock);
	return NULL;
}

static void *come(void *unused)
{
	(void)unused;
	hang_sleep();
	pthread_barrier_wait(&barrier);
	return NULL;
}

static void *take_both(void *unused)
{
	(void)unused;
	pthread_mutex_lock(&other);
	hang_sleep();
	pthread_mutex_lock(&lock);
	pthread_mutex_unlock(&lock);
	pthread_mutex_unlock(&other);
	return NULL;
}

static void run(void *(*start)(void *))
{
	pthread_t thread;

	pthread_create(&thread, NULL, start, NULL);
	hang_last(1);
	pthread_join(thread, NULL);
}

static void hang(void)
{
	if (is(hang_variant, "wakeup")) {
		is_ready = hang_fixed;
		pthread_cond_signal(&ready);
		run(wait_for_ready);
	} else if (is(hang_variant, "barrier")) {
		if (hang_fixed)
			pthread_barrier_init(&barrier, NULL, 1);
		run(come);
	} else if (is(hang_variant, "pipe") || is(hang_variant, "child")) {
		hang_mark();
		if (hang_fixed)
			close(child ? to_child[1] : ends[1]);
		drain(ends[0]);
	} else if (is(hang_variant, "deadlock")) {
		if (!hang_fixed)
			pthread_mutex_lock(&lock);
		run(take_both);
	} else {
		if (hang_fixed)
			sem_post(&items);
		hang_mark();
		sem_wait(&items);
	}
}

int main(int argc, char **argv)
{
	if (argc < 4)
		return 2;
	hang_begin(argc, argv);
	bulk = argv[argc - 2];
	sem_init(&items, 0, 0);
	pthread_barrier_init(&barrier, NULL, THREADS);
	if (pipe(ends) != 0 || pipe(to_child) != 0)
		return 1;
	for (int i = 0; i < WARM_UP; i++)
		work_once();
	prepare();
	work_much(atol(argv[argc - 3]));
	hang();
	return child ? hang_reap(child) : 0;
}
