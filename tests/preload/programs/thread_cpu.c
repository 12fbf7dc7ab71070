/*
 * Threads that compute for known times: thread 2 ends before the process does, 3 and 4 wait for
 * good, 5 is over in an instant. Each but 5 prints its number and the CPU time it had used when it
 * was done, in ns.
 */
#include <pthread.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

static pthread_barrier_t done;

static long long own_time(void)
{
	struct timespec time;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
	return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static void compute(int number, int time_ms)
{
	while (own_time() < time_ms * 1000000LL)
		;
	printf("%d %lld\n", number, own_time());
}

static void *work(void *argument)
{
	int number = *(const int *)argument;

	compute(number, 20 * number);
	pthread_barrier_wait(&done);
	while (number > 2)
		pause();
	return NULL;
}

static void *nothing(void *argument)
{
	return argument;
}

int main(void)
{
	static int numbers[] = {2, 3, 4};
	pthread_t threads[3], last;

	setvbuf(stdout, NULL, _IOLBF, 0);
	pthread_barrier_init(&done, NULL, 4);
	for (int i = 0; i < 3; i++)
		pthread_create(&threads[i], NULL, work, &numbers[i]);
	pthread_barrier_wait(&done);
	pthread_join(threads[0], NULL);
	pthread_create(&last, NULL, nothing, NULL);
	pthread_join(last, NULL);
	compute(1, 20);
	return 0;
}
