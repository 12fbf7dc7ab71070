/*
 * timing_trace EVENTS [PAIRS]: about so many events, for a trace: PAIRS (4) producers hand items to
 * consumers through a queue of a mutex and two conditions, and one item in IN_PIPE through a pipe;
 * both look each item up in a table of locks that all share.
 * timing_trace -t THREADS: starts and joins so many threads, one after the other; prints what one
 * costs, in us. Run by timing.sh.
 */
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { PAIRS_MAX = 64, ROOM = 16, IN_PIPE = 32, SLOTS = 64, EVENTS_PER_ITEM = 11 };

struct channel {
	pthread_mutex_t mutex;
	pthread_cond_t has_items, has_room;
	unsigned waiting; /* in the queue */
	int pipe[2];
	uint64_t items;
	uint64_t seed;
};

static struct {
	pthread_mutex_t mutex;
	uint64_t uses;
} slots[SLOTS];

static struct channel channels[PAIRS_MAX];

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static void use_slot(uint64_t seed, uint64_t item)
{
	size_t slot = (size_t)((seed + item) * UINT64_C(0x9e3779b97f4a7c15) >> 58);

	pthread_mutex_lock(&slots[slot].mutex);
	slots[slot].uses++;
	pthread_mutex_unlock(&slots[slot].mutex);
}

static void *produce(void *argument)
{
	struct channel *channel = argument;

	for (uint64_t i = 0; i < channel->items; i++) {
		use_slot(channel->seed, i);
		if (i % IN_PIPE == 0) {
			if (write(channel->pipe[1], &i, sizeof(i)) != sizeof(i))
				die("write");
			continue;
		}
		pthread_mutex_lock(&channel->mutex);
		while (channel->waiting == ROOM)
			pthread_cond_wait(&channel->has_room, &channel->mutex);
		channel->waiting++;
		pthread_cond_signal(&channel->has_items);
		pthread_mutex_unlock(&channel->mutex);
	}
	return NULL;
}

static void *consume(void *argument)
{
	struct channel *channel = argument;

	for (uint64_t i = 0; i < channel->items; i++) {
		uint64_t got;

		use_slot(channel->seed, i);
		if (i % IN_PIPE == 0) {
			if (read(channel->pipe[0], &got, sizeof(got)) != sizeof(got))
				die("read");
			continue;
		}
		pthread_mutex_lock(&channel->mutex);
		while (channel->waiting == 0)
			pthread_cond_wait(&channel->has_items, &channel->mutex);
		channel->waiting--;
		pthread_cond_signal(&channel->has_room);
		pthread_mutex_unlock(&channel->mutex);
	}
	return NULL;
}

static void start(pthread_t *thread, void *(*job)(void *), void *argument)
{
	int failed = pthread_create(thread, NULL, job, argument);

	if (failed) {
		fprintf(stderr, "pthread_create: %s\n", strerror(failed));
		exit(1);
	}
}

static void run_channels(uint64_t events, unsigned pairs)
{
	pthread_t threads[2 * PAIRS_MAX];

	for (size_t i = 0; i < SLOTS; i++)
		pthread_mutex_init(&slots[i].mutex, NULL);
	for (unsigned i = 0; i < pairs; i++) {
		struct channel *channel = &channels[i];

		pthread_mutex_init(&channel->mutex, NULL);
		pthread_cond_init(&channel->has_items, NULL);
		pthread_cond_init(&channel->has_room, NULL);
		channel->items = events / EVENTS_PER_ITEM / pairs;
		channel->seed = (uint64_t)i << 32;
		if (pipe(channel->pipe) < 0)
			die("pipe");
	}
	for (unsigned i = 0; i < 2 * pairs; i++)
		start(&threads[i], i % 2 ? consume : produce, &channels[i / 2]);
	for (unsigned i = 0; i < 2 * pairs; i++)
		pthread_join(threads[i], NULL);
}

static void *nothing(void *argument)
{
	return argument;
}

static void run_threads(uint64_t threads)
{
	struct timespec began, ended;

	clock_gettime(CLOCK_MONOTONIC, &began);
	for (uint64_t i = 0; i < threads; i++) {
		pthread_t thread;

		start(&thread, nothing, NULL);
		pthread_join(thread, NULL);
	}
	clock_gettime(CLOCK_MONOTONIC, &ended);
	printf("%.2f\n", ((double)(ended.tv_sec - began.tv_sec) * 1e6 +
			  (double)(ended.tv_nsec - began.tv_nsec) / 1e3) /
				 (double)threads);
}

int main(int argc, char **argv)
{
	unsigned long pairs = argc > 2 ? strtoul(argv[2], NULL, 10) : 4;

	if (argc == 3 && strcmp(argv[1], "-t") == 0) {
		run_threads(strtoull(argv[2], NULL, 10));
		return 0;
	}
	if (argc < 2 || argc > 3 || !pairs || pairs > PAIRS_MAX) {
		fprintf(stderr, "usage: timing_trace EVENTS [PAIRS] | timing_trace -t THREADS\n");
		return 2;
	}
	run_channels(strtoull(argv[1], NULL, 10), (unsigned)pairs);
	return 0;
}
