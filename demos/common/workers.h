#ifndef DEMOS_COMMON_WORKERS_H
#define DEMOS_COMMON_WORKERS_H
/*
 * The same work, done by one worker after the other, by threads, or by processes.
 *
 * Threads share all memory. Processes share only what they ask for: results go to memory of
 * shared_memory(), so that the work is the same function in all three modes.
 */
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "conctrace.h"
#include "options.h"

static inline _Noreturn void give_up(const char *what)
{
	perror(what);
	exit(1);
}

/* Zeroed; children of fork() share it. */
static inline void *shared_memory(size_t size)
{
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		give_up("mmap");
	return memory;
}

struct worker {
	void (*work)(int number);
	int number;
	const char *region; /* what pictures call the work; NULL: its parts have names */
	enum mode mode;
	pthread_t thread;
	pid_t process;
};

static inline void *worker_main(void *of_worker)
{
	struct worker *worker = of_worker;
	char name[16];

	snprintf(name, sizeof(name), "worker-%d", worker->number);
	if (worker->mode != SERIAL)
		CONCTRACE_THREAD_NAME(name);
	if (worker->region)
		CONCTRACE_REGION_BEGIN(worker->region);
	worker->work(worker->number);
	if (worker->region)
		CONCTRACE_REGION_END();
	return NULL;
}

static inline void start_worker(struct worker *worker)
{
	if (worker->mode == SERIAL) {
		worker_main(worker);
	} else if (worker->mode == THREADS) {
		if (pthread_create(&worker->thread, NULL, worker_main, worker) != 0)
			give_up("pthread_create");
	} else {
		worker->process = fork();
		if (worker->process < 0)
			give_up("fork");
		if (worker->process == 0) {
			worker_main(worker);
			_exit(0);
		}
	}
}

static inline void await_worker(struct worker *worker)
{
	int status = 0;

	if (worker->mode == THREADS && pthread_join(worker->thread, NULL) != 0)
		give_up("pthread_join");
	if (worker->mode == PROCESSES &&
	    (waitpid(worker->process, &status, 0) != worker->process || status != 0))
		give_up("worker");
}

/* Calls work(0) ... work(count - 1); returns when all have ended. */
static inline void run_workers(enum mode mode, int count, void (*work)(int number))
{
	struct worker workers[MAX_WORKERS];

	for (int i = 0; i < count; i++) {
		workers[i] =
			(struct worker){.work = work, .number = i, .mode = mode, .region = "work"};
		start_worker(&workers[i]);
	}
	for (int i = 0; i < count; i++)
		await_worker(&workers[i]);
}

#endif
