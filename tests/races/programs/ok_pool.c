/* A thread pool: jobs on the heap go through a queue, results come back by a counter. */
#include <stdlib.h>

#include "race.h"

enum { WORKERS = 3, JOBS = 60 };

struct job {
	struct job *next;
	int input;
	int output;
};

struct job *queue;
int unfinished = JOBS;
int closed;
pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
pthread_cond_t changed = PTHREAD_COND_INITIALIZER;

static struct job *take(void)
{
	struct job *job;

	pthread_mutex_lock(&lock);
	while (!queue && !closed)
		pthread_cond_wait(&changed, &lock);
	job = queue;
	if (job)
		queue = job->next;
	pthread_mutex_unlock(&lock);
	return job;
}

static void *work(void *unused)
{
	struct job *job;

	(void)unused;
	while ((job = take())) {
		job->output = job->input * 2; /* nobody else has it now */
		pthread_mutex_lock(&lock);
		unfinished--;
		pthread_cond_broadcast(&changed);
		pthread_mutex_unlock(&lock);
	}
	return NULL;
}

static void submit(struct job *jobs)
{
	for (int i = 0; i < JOBS; i++) {
		jobs[i].input = i;
		pthread_mutex_lock(&lock);
		jobs[i].next = queue;
		queue = &jobs[i];
		pthread_cond_signal(&changed);
		pthread_mutex_unlock(&lock);
	}
}

static void finish(void)
{
	pthread_mutex_lock(&lock);
	while (unfinished)
		pthread_cond_wait(&changed, &lock);
	closed = 1;
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&lock);
}

int main(void)
{
	struct job *jobs = calloc(JOBS, sizeof(*jobs));
	pthread_t workers[WORKERS];

	if (!jobs)
		return 1;
	for (int i = 0; i < WORKERS; i++)
		pthread_create(&workers[i], NULL, work, NULL);
	submit(jobs);
	finish();
	for (int i = 0; i < JOBS; i++)
		race_use(jobs[i].output);
	for (int i = 0; i < WORKERS; i++)
		pthread_join(workers[i], NULL);
	free(jobs);
	return race_end();
}
