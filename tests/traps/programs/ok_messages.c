/* Blocks of memory whose owner changes by messages: a pipe, a socket pair, and an eventfd. */
#include <stdint.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "trial.h"

enum { ROUNDS = 600 };

struct block {
	int value, twice;
	char text[40];
};

static int pipe_ends[2], sockets[2], events[2];
static struct block in_turn;

static void check(ssize_t done, size_t size)
{
	trial_check(done == (ssize_t)size);
}

static void fill(struct block *block, int value)
{
	block->value = value;
	block->twice = 2 * value;
	snprintf(block->text, sizeof(block->text), "%d", value);
}

static void *send_all(void)
{
	uint64_t one = 1;

	for (int i = 0; i < ROUNDS; i++) {
		struct block *block = malloc(sizeof(*block));

		if (!block)
			abort();
		fill(block, i);
		if (i % 2)
			check(write(pipe_ends[1], &block, sizeof(block)), sizeof(block));
		else
			check(send(sockets[1], &block, sizeof(block), 0), sizeof(block));
		fill(&in_turn, i);
		check(write(events[0], &one, sizeof(one)), sizeof(one));
		check(read(events[1], &one, sizeof(one)), sizeof(one));
	}
	return NULL;
}

static void *receive_all(void)
{
	uint64_t one = 1;

	for (int i = 0; i < ROUNDS; i++) {
		struct block *block;

		if (i % 2)
			check(read(pipe_ends[0], &block, sizeof(block)), sizeof(block));
		else
			check(recv(sockets[0], &block, sizeof(block), 0), sizeof(block));
		trial_check(block->twice == 2 * block->value && atoi(block->text) == i);
		free(block);
		check(read(events[0], &one, sizeof(one)), sizeof(one));
		trial_check(in_turn.value == i && in_turn.twice == 2 * i);
		in_turn.value = -1;
		check(write(events[1], &one, sizeof(one)), sizeof(one));
	}
	return NULL;
}

static void *work(void *number)
{
	return trial_number(number) ? send_all() : receive_all();
}

int main(void)
{
	if (pipe(pipe_ends) || socketpair(AF_UNIX, SOCK_STREAM, 0, sockets))
		abort();
	events[0] = eventfd(0, 0);
	events[1] = eventfd(0, 0);
	trial_run(2, work);
	return trial_end();
}
