#ifndef DEMOS_COMMON_POOL_H
#define DEMOS_COMMON_POOL_H
/*
 * A pool: workers that live as long as it and do one task after the other.
 *
 * Tasks go to the workers through one pipe and results come back through another, which is the same
 * for threads and for processes. Whoever is free reads the next task: a write of a few bytes to a
 * pipe is never torn, so no lock is needed. The workers end when the pipe of tasks is closed. In a
 * serial pool submit() does the task itself.
 */
#include "workers.h"

struct task {
	long number, argument;
};

struct result {
	long number, value;
};

struct pool {
	enum mode mode;
	int count;
	long (*function)(long argument);
	int tasks[2], results[2]; /* pipes: [0] to read, [1] to write */
	struct worker workers[MAX_WORKERS];
};

/* Workers find it here, so that they need no argument but their number. */
static struct pool the_pool;

static inline void do_task(const struct task *task)
{
	struct result result = {.number = task->number};

	CONCTRACE_REGION_BEGIN("task");
	result.value = the_pool.function(task->argument);
	CONCTRACE_REGION_END();
	if (write(the_pool.results[1], &result, sizeof(result)) != sizeof(result))
		give_up("write of a result");
}

static inline void pool_worker(int number)
{
	struct task task;

	(void)number;
	/* A copy of the end to write that stays open in a child is an end that never comes. */
	if (the_pool.mode == PROCESSES)
		close(the_pool.tasks[1]);
	while (read(the_pool.tasks[0], &task, sizeof(task)) == sizeof(task))
		do_task(&task);
}

/* As many tasks may be under way as a pipe has room for: 2048. */
static inline void pool_open(enum mode mode, int count, long (*function)(long argument))
{
	the_pool = (struct pool){.mode = mode, .count = count, .function = function};
	if (pipe(the_pool.tasks) < 0 || pipe(the_pool.results) < 0)
		give_up("pipe");
	for (int i = 0; mode != SERIAL && i < count; i++) {
		the_pool.workers[i] =
			(struct worker){.work = pool_worker, .number = i, .mode = mode};
		start_worker(&the_pool.workers[i]);
	}
}

static inline void pool_submit(long number, long argument)
{
	struct task task = {.number = number, .argument = argument};

	if (the_pool.mode == SERIAL)
		do_task(&task);
	else if (write(the_pool.tasks[1], &task, sizeof(task)) != sizeof(task))
		give_up("write of a task");
}

/* The next task that is done, whichever it is. */
static inline struct result pool_next(void)
{
	struct result result;

	if (read(the_pool.results[0], &result, sizeof(result)) != sizeof(result))
		give_up("read of a result");
	return result;
}

static inline void pool_close(void)
{
	close(the_pool.tasks[1]);
	for (int i = 0; the_pool.mode != SERIAL && i < the_pool.count; i++)
		await_worker(&the_pool.workers[i]);
	close(the_pool.tasks[0]);
	close(the_pool.results[0]);
	close(the_pool.results[1]);
}

#endif
