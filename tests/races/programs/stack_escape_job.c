/* A job lies on the stack of a function that goes on writing to it after handing it out. */
#include "race.h"

struct job {
	int input;
	int result;
};

static void *work(void *argument)
{
	struct job *job = argument;

	job->result = job->input + 1;
	return NULL;
}

/* clang does not instrument fields of a local structure that are reached by its name. */
__attribute__((noinline)) static void reset(struct job *job)
{
	job->input = 0;
}

static int submit(void)
{
	struct job job = {.input = 1};
	pthread_t worker;

	pthread_create(&worker, NULL, work, &job);
#ifdef FIXED
	pthread_join(worker, NULL);
	reset(&job);
#else
	reset(&job);
	pthread_join(worker, NULL);
#endif
	return job.input + job.result;
}

int main(void)
{
	race_use(submit());
	return race_end();
}
