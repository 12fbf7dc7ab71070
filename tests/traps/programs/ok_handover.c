/* What is written before a thread is created or after it was joined needs no lock; also blocks on
 * the stack, and a chain of threads that each create the next. */
#include "trial.h"

struct job {
	int first, last;
	long sum;
};

static long numbers[1000];
static int depth;

static void *sum(void *argument)
{
	struct job *job = argument;

	for (int i = job->first; i < job->last; i++)
		job->sum += numbers[i];
	return NULL;
}

static void *descend(void *levels)
{
	int *left = levels;
	pthread_t next;

	depth++;
	if (--*left > 0) {
		pthread_create(&next, NULL, descend, left);
		pthread_join(next, NULL);
	}
	depth--;
	return NULL;
}

int main(void)
{
	for (int round = 0; round < 100; round++) {
		struct job jobs[2] = {{0, 500, 0}, {500, 1000, 0}};
		pthread_t threads[2];
		int levels = 3;

		for (int i = 0; i < 1000; i++)
			numbers[i] = i + round;
		for (int i = 0; i < 2; i++)
			pthread_create(&threads[i], NULL, sum, &jobs[i]);
		for (int i = 0; i < 2; i++)
			pthread_join(threads[i], NULL);
		trial_check(jobs[0].sum + jobs[1].sum == 499500 + 1000L * round);
		descend(&levels);
	}
	trial_check(depth == 0);
	return trial_end();
}
