#include "model/outside.h"

#include <stdlib.h>

#include "model/model.h"

void ct_outside_fini(struct ct_outside *outside)
{
	free(outside->waits);
	free(outside->keys);
	*outside = (struct ct_outside){0};
}

static int by_thread(const void *left, const void *right)
{
	const struct ct_outside_wait *a = left, *b = right;

	if (a->process != b->process)
		return a->process < b->process ? -1 : 1;
	return a->thread < b->thread ? -1 : a->thread > b->thread;
}

const struct ct_outside_wait *ct_outside_wait_of(const struct ct_outside *outside,
						 const struct ct_thread *thread)
{
	struct ct_outside_wait key = {.process = thread->process->number, .thread = thread->number};
	const struct ct_outside_wait *wait = NULL;

	if (outside->wait_count)
		wait = bsearch(&key, outside->waits, outside->wait_count, sizeof(key), by_thread);
	return wait && wait->since == thread->wait.since ? wait : NULL;
}

static int by_number(const void *left, const void *right)
{
	uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;

	return a < b ? -1 : a > b;
}

bool ct_outside_has_key(const struct ct_outside *outside, uint64_t key)
{
	return outside->key_count &&
	       bsearch(&key, outside->keys, outside->key_count, sizeof(key), by_number);
}
