/* Workers take jobs under a lock, but count in a heap object without.
 * kind: hot
 */
#include "trial.h"

struct job {
	struct job *next;
	unsigned input;
};

struct statistics {
	long jobs, total;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t more = PTHREAD_COND_INITIALIZER;
static struct job *queue;
static int finished;
static struct statistics *statistics;

static struct job *take(void)
{
	struct job *job;

	pthread_mutex_lock(&lock);
	while (!queue && !finished)
		pthread_cond_wait(&more, &lock);
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
		unsigned result = trial_mix(job->input);

		statistics->total += result; /* RACE */
		statistics->jobs++;	     /* RACE */
		free(job);
	}
	return NULL;
}

static void *produce(void *unused)
{
	(void)unused;
	for (unsigned i = 0; i < 3000; i++) {
		struct job *job = malloc(sizeof(*job));

		if (!job)
			abort();
		job->input = i;
		pthread_mutex_lock(&lock);
		job->next = queue;
		queue = job;
		pthread_cond_signal(&more);
		pthread_mutex_unlock(&lock);
	}
	pthread_mutex_lock(&lock);
	finished = 1;
	pthread_cond_broadcast(&more);
	pthread_mutex_unlock(&lock);
	return NULL;
}

static void *work_or_produce(void *number)
{
	return trial_number(number) == 3 ? produce(number) : work(number);
}

int main(void)
{
	statistics = calloc(1, sizeof(*statistics));
	if (!statistics)
		abort();
	trial_run(4, work_or_produce);
	free(statistics);
	return trial_end();
}
