/*
 * lock_trace [-r] EVENTS THREADS LOCKS [SEED]: a text trace of about so many events on stdout.
 * lock_trace -s THREADS: main creates and joins so many short threads, one after the other.
 *
 * Threads do operations, each of which takes up to three locks at once: in ascending order but for
 * two operations that only two of the threads do, so that there is something to predict. With -r
 * the locks of each time are chosen anew, so that nearly every time is another one, and one in
 * DESCENDING is in descending order.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEPTH = 3, OPERATIONS = 1000, TURNED = 2, DESCENDING = 2000 };

struct operation {
	uint32_t locks[DEPTH];
	uint32_t count;
};

struct thread {
	const struct operation *operation; /* NULL: between two */
	struct operation own;		   /* with -r */
	uint32_t taken;			   /* locks that it has */
	bool leaving;
};

static uint64_t state;
static struct operation operations[OPERATIONS];

static uint32_t below(uint32_t limit)
{
	state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)((state >> 33) % limit);
}

/* Each lock is some operation's first; the others follow at some distance. */
static void make_operations(uint32_t locks)
{
	for (uint32_t i = 0; i < OPERATIONS; i++) {
		struct operation *operation = &operations[i];
		uint32_t lock = i % locks;

		for (uint32_t k = below(DEPTH) + 1; k && lock < locks; k--) {
			operation->locks[operation->count++] = lock;
			lock += 1 + below(locks / 8 + 1);
		}
	}
	for (uint32_t i = 0; i < TURNED; i++) {
		operations[i] = (struct operation){{locks / 2 + i + 1, i + 1}, 2};
		operations[TURNED + i] = (struct operation){{i + 1, locks / 2 + i + 1}, 2};
	}
}

static int by_number(const void *left, const void *right)
{
	uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;

	return (a > b) - (a < b);
}

/* Ascending, but for one in DESCENDING. */
static void choose_locks(struct operation *operation, uint32_t locks)
{
	uint32_t count = below(DEPTH) + 1, last;

	operation->count = 0;
	while (operation->count < count) {
		uint32_t lock = below(locks), i = 0;

		while (i < operation->count && operation->locks[i] != lock)
			i++;
		if (i == operation->count)
			operation->locks[operation->count++] = lock;
	}
	qsort(operation->locks, count, sizeof(*operation->locks), by_number);
	if (below(DESCENDING))
		return;
	last = operation->locks[count - 1];
	operation->locks[count - 1] = operation->locks[0];
	operation->locks[0] = last;
}

static void print(uint32_t thread, const struct thread *of, const char *op, uint32_t at)
{
	uint32_t place = of->operation == &of->own ? of->own.locks[at % DEPTH]
						   : (uint32_t)(of->operation - operations);
	uint32_t line = place * DEPTH * 2 + at;

	printf("T%" PRIu32 "|%s(l%" PRIu32 ")|%" PRIu32 "\n", thread, op,
	       of->operation->locks[at % DEPTH], line + 1);
}

/* false: it was one for another thread. */
static bool choose(struct thread *thread, uint32_t number, uint32_t random_locks)
{
	uint32_t i;

	if (random_locks) {
		choose_locks(&thread->own, random_locks);
		thread->operation = &thread->own;
		return true;
	}
	i = below(OPERATIONS);
	if (i < TURNED && number != i + 1)
		return false;
	thread->operation = &operations[i];
	return true;
}

/* One event, or none. */
static bool step(struct thread *thread, uint32_t number, bool *taken, uint32_t random_locks)
{
	uint32_t lock;

	if (!thread->operation && !choose(thread, number, random_locks))
		return false;
	if (thread->leaving || thread->taken == thread->operation->count) {
		thread->leaving = true;
		thread->taken--;
		taken[thread->operation->locks[thread->taken]] = false;
		print(number, thread, "rel", DEPTH + thread->taken);
		if (!thread->taken)
			*thread = (struct thread){.operation = NULL};
		return true;
	}
	lock = thread->operation->locks[thread->taken];
	if (taken[lock]) { /* it gives up what it has, so that the run does not deadlock */
		thread->leaving = thread->taken > 0;
		if (!thread->leaving)
			thread->operation = NULL;
		return false;
	}
	taken[lock] = true;
	print(number, thread, "acq", thread->taken++);
	return true;
}

static int many_locks(uint64_t events, uint32_t threads, uint32_t locks, bool random)
{
	struct thread *all = calloc(threads, sizeof(*all));
	bool *taken = calloc(locks, sizeof(*taken));

	if (!all || !taken)
		return 1;
	make_operations(locks);
	for (uint32_t t = 1; t < threads; t++)
		printf("T0|fork(T%" PRIu32 ")|1\n", t);
	for (uint64_t done = threads; done < events;) {
		uint32_t t = below(threads);

		for (uint32_t burst = below(12) + 1; burst; burst--)
			done += step(&all[t], t, taken, random ? locks : 0);
	}
	for (uint32_t t = 0; t < threads; t++) {
		all[t].leaving |= all[t].taken > 0;
		while (all[t].taken)
			step(&all[t], t, taken, random ? locks : 0);
	}
	for (uint32_t t = 1; t < threads; t++)
		printf("T0|join(T%" PRIu32 ")|2\n", t);
	free(all);
	free(taken);
	return 0;
}

static int short_threads(uint32_t threads)
{
	for (uint32_t t = 1; t <= threads; t++) {
		printf("T0|fork(T%" PRIu32 ")|1\n", t);
		printf("T%" PRIu32 "|acq(a)|2\nT%" PRIu32 "|acq(b)|3\n", t, t);
		printf("T%" PRIu32 "|rel(b)|4\nT%" PRIu32 "|rel(a)|5\n", t, t);
		printf("T0|join(T%" PRIu32 ")|6\n", t);
	}
	return 0;
}

int main(int argc, char **argv)
{
	bool random = argc > 1 && strcmp(argv[1], "-r") == 0;

	if (argc == 3 && strcmp(argv[1], "-s") == 0)
		return short_threads((uint32_t)strtoul(argv[2], NULL, 10));
	argc -= random;
	argv += random;
	if (argc < 4) {
		fprintf(stderr,
			"usage: lock_trace [-r] EVENTS THREADS LOCKS [SEED] | -s THREADS\n");
		return 2;
	}
	state = argc > 4 ? strtoull(argv[4], NULL, 10) : 1;
	return many_locks(strtoull(argv[1], NULL, 10), (uint32_t)strtoul(argv[2], NULL, 10),
			  (uint32_t)strtoul(argv[3], NULL, 10), random);
}
