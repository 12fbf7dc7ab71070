/*
 * Teaches: divide and conquer. Sort both halves, each by a worker of its own, then merge them.
 *
 * As long as there are workers to spare the left half goes to a new one and the right half is done
 * here. The merges at the end are done by few and the last by one: that share does not get faster,
 * whatever the number of workers (Amdahl). Two processes sort the same array, as it is in shared
 * memory; two threads would in any case.
 *
 *   sort [--mode serial|threads|processes] [--workers N] [--work N]     N: thousands of numbers
 *
 * Errors: none. `timing` shows who waits for whom, and the serial share.
 */
#include "common/workers.h"

static struct options options = {.mode = SERIAL, .workers = 2, .work = 2000};
static uint32_t *numbers, *scratch; /* shared */

struct part {
	size_t from, to;
	int workers; /* for this part, the caller among them */
};

static void merge(size_t from, size_t middle, size_t to)
{
	size_t left = from, right = middle;

	for (size_t i = from; i < to; i++)
		scratch[i] = right == to || (left < middle && numbers[left] <= numbers[right])
				     ? numbers[left++]
				     : numbers[right++];
	for (size_t i = from; i < to; i++)
		numbers[i] = scratch[i];
}

static void *sort_part(void *of_part);

/* The left half by another worker, the right one by this. */
static void sort_halves(struct part *left, struct part *right)
{
	pthread_t thread;
	pid_t child = 0;
	int status = 0;

	if (options.mode == THREADS && pthread_create(&thread, NULL, sort_part, left) != 0)
		give_up("pthread_create");
	if (options.mode == PROCESSES) {
		child = fork();
		if (child < 0)
			give_up("fork");
		if (child == 0) {
			sort_part(left);
			_exit(0);
		}
	}
	sort_part(right);
	if (options.mode == THREADS && pthread_join(thread, NULL) != 0)
		give_up("pthread_join");
	if (options.mode == PROCESSES && (waitpid(child, &status, 0) != child || status != 0))
		give_up("worker");
}

static void *sort_part(void *of_part)
{
	struct part *part = of_part, left = *part, right = *part;

	if (part->to - part->from < 2)
		return NULL;
	left.to = right.from = part->from + (part->to - part->from) / 2;
	left.workers = part->workers / 2;
	right.workers = part->workers - left.workers;
	if (left.workers > 0 && options.mode != SERIAL) {
		sort_halves(&left, &right);
		CONCTRACE_REGION_BEGIN("merge");
		merge(part->from, left.to, part->to);
		CONCTRACE_REGION_END();
	} else {
		sort_part(&left);
		sort_part(&right);
		merge(part->from, left.to, part->to);
	}
	return NULL;
}

int main(int argc, char **argv)
{
	size_t count, unordered = 0;
	uint32_t state = 1;
	uint64_t sum = 0;

	read_options(argc, argv, "mwn", &options);
	count = (size_t)options.work * 1000;
	numbers = shared_memory(2 * count * sizeof(*numbers));
	scratch = numbers + count;
	for (size_t i = 0; i < count; i++) {
		state = state * 1664525 + 1013904223;
		numbers[i] = state;
		sum += state;
	}
	sort_part(&(struct part){.to = count, .workers = options.workers});
	for (size_t i = 0; i < count; i++) {
		sum -= numbers[i];
		unordered += i > 0 && numbers[i - 1] > numbers[i];
	}
	printf("%zu numbers are in order, from %u to %u\n", count, numbers[0], numbers[count - 1]);
	return unordered == 0 && sum == 0 ? 0 : 1;
}
