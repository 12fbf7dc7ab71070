/*
 * Prints how long each of a few synchronising calls took, in microseconds: two threads, and a
 * child process, that never wait for one another while they are measured.
 */
#include <pthread.h>
#include <stdio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define ROUNDS 40

static long now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static long times[2][ROUNDS * 2];

static void measure(long *at)
{
	pthread_mutex_t outer = PTHREAD_MUTEX_INITIALIZER, inner = PTHREAD_MUTEX_INITIALIZER;

	/* the recorder's first records take their time */
	pthread_mutex_lock(&outer);
	pthread_mutex_unlock(&outer);
	for (int i = 0; i < ROUNDS; i++) {
		long begin = now_us(), middle;

		pthread_mutex_lock(&outer);
		pthread_mutex_lock(&inner);
		middle = now_us();
		pthread_mutex_unlock(&inner);
		pthread_mutex_unlock(&outer);
		*at++ = middle - begin;
		*at++ = now_us() - middle;
	}
}

static void *thread(void *arg)
{
	measure(arg);
	return arg;
}

static void print(const char *who, const long *at)
{
	for (int i = 0; i < ROUNDS * 2; i++)
		printf("%s %d %ld\n", who, i, at[i]);
	fflush(stdout);
}

int main(void)
{
	pthread_t threads[2];

	if (fork() == 0) {
		measure(times[0]);
		print("child", times[0]);
		_exit(0);
	}
	wait(NULL);
	for (int i = 0; i < 2; i++)
		pthread_create(&threads[i], NULL, thread, times[i]);
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	print("first", times[0]);
	print("second", times[1]);
	return 0;
}
