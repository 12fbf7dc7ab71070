/* Jobs on the heap, from one thread to the other by a queue with a lock; each is worked on for some
 * microseconds. */
#include "../races/kernel.h"

enum { JOBS = 60000, WORDS = 1024 };

struct job {
	struct job *next;
	uint64_t seed;
	uint32_t words[WORDS];
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t more = PTHREAD_COND_INITIALIZER;
static struct job *queue;
static int made;
static long total;

static void fill(struct job *job)
{
	for (int i = 0; i < WORDS; i++)
		job->words[i] = (uint32_t)kernel_random(&job->seed);
}

static long sum(const struct job *job)
{
	long result = 0;

	for (int i = 0; i < WORDS; i++)
		result += job->words[i] % 7;
	return result;
}

static void produce(void)
{
	for (int i = 0; i < JOBS; i++) {
		struct job *job = kernel_alloc(1, sizeof(*job));

		job->seed = (uint64_t)i;
		fill(job);
		pthread_mutex_lock(&lock);
		job->next = queue;
		queue = job;
		made++;
		pthread_cond_signal(&more);
		pthread_mutex_unlock(&lock);
	}
}

static void consume(void)
{
	for (int i = 0; i < JOBS; i++) {
		struct job *job;

		pthread_mutex_lock(&lock);
		while (!queue)
			pthread_cond_wait(&more, &lock);
		job = queue;
		queue = job->next;
		pthread_mutex_unlock(&lock);
		total += sum(job);
		free(job);
	}
}

static void *work(void *number)
{
	if (kernel_number(number))
		consume();
	else
		produce();
	return NULL;
}

int main(void)
{
	kernel_run(work);
	return kernel_result(total);
}
