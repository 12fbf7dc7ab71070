/* Results of a pool: a worker says that it is done before it has written its result. */
#include "race.h"

int result;
int done;
pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
pthread_cond_t finished = PTHREAD_COND_INITIALIZER;

static void say_done(void)
{
	pthread_mutex_lock(&lock);
	done = 1;
	pthread_cond_signal(&finished);
	pthread_mutex_unlock(&lock);
}

static void work(void)
{
#ifdef FIXED
	result = 42;
	say_done();
#else
	say_done();
	result = 42;
#endif
}

static void collect(void)
{
	pthread_mutex_lock(&lock);
	while (!done)
		pthread_cond_wait(&finished, &lock);
	pthread_mutex_unlock(&lock);
	race_use(result);
}

int main(void)
{
	race_run(work, collect);
	return race_end();
}
