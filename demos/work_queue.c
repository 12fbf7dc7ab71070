/*
 * Teaches: a queue that hands work to workers, and waits until all of it is done.
 *
 *   work_queue [--workers N]   N workers (3) take 20 tasks from the queue; main puts them in and
 *                              waits until each was reported as done
 *
 * The workers are daemons: detached, in an endless loop, and nobody tells them to stop. They wait
 * for tasks when main ends the program, and conctrace has nothing to say about that.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define TASKS 20
#define MOST_WORKERS 100

static struct {
	pthread_mutex_t lock;
	pthread_cond_t has_tasks, all_done;
	int tasks[TASKS];
	int count, unfinished;
} queue = {.lock = PTHREAD_MUTEX_INITIALIZER,
	   .has_tasks = PTHREAD_COND_INITIALIZER,
	   .all_done = PTHREAD_COND_INITIALIZER};
static int results[TASKS];

static void queue_put(int task)
{
	pthread_mutex_lock(&queue.lock);
	queue.tasks[queue.count++] = task;
	queue.unfinished++;
	pthread_cond_signal(&queue.has_tasks);
	pthread_mutex_unlock(&queue.lock);
}

static int queue_get(void)
{
	int task;

	pthread_mutex_lock(&queue.lock);
	while (queue.count == 0)
		pthread_cond_wait(&queue.has_tasks, &queue.lock);
	task = queue.tasks[--queue.count];
	pthread_mutex_unlock(&queue.lock);
	return task;
}

static void queue_task_done(void)
{
	pthread_mutex_lock(&queue.lock);
	if (--queue.unfinished == 0)
		pthread_cond_broadcast(&queue.all_done);
	pthread_mutex_unlock(&queue.lock);
}

static void queue_join(void)
{
	pthread_mutex_lock(&queue.lock);
	while (queue.unfinished > 0)
		pthread_cond_wait(&queue.all_done, &queue.lock);
	pthread_mutex_unlock(&queue.lock);
}

static void *worker(void *unused)
{
	for (;;) {
		int task = queue_get();

		nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
		results[task] = task * task;
		queue_task_done();
	}
	return unused;
}

int main(int argc, char **argv)
{
	int count = argc > 2 && strcmp(argv[1], "--workers") == 0 ? atoi(argv[2]) : 3;
	int sum = 0;

	if (count < 1 || count > MOST_WORKERS)
		return 2;
	for (int i = 0; i < count; i++) {
		pthread_t thread;

		pthread_create(&thread, NULL, worker, NULL);
		pthread_detach(thread);
	}
	for (int i = 0; i < TASKS; i++)
		queue_put(i);
	queue_join();
	for (int i = 0; i < TASKS; i++)
		sum += results[i];
	printf("%d tasks done, sum %d\n", TASKS, sum);
	return 0;
}
