/*
 * Background threads wait for jobs on a condition variable, having given up its mutex; the first
 * thread forks, and the child writes a file from its copy of the memory and calls _exit.
 */
#include <fcntl.h>
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#define THREADS 3

static pthread_mutex_t mutexes[THREADS];
static pthread_cond_t conditions[THREADS];
static pthread_barrier_t started;
static int jobs[THREADS];

static void *background(void *argument)
{
	int *job = argument;
	long i = job - jobs;

	pthread_mutex_lock(&mutexes[i]);
	pthread_barrier_wait(&started);
	while (*job == 0)
		pthread_cond_wait(&conditions[i], &mutexes[i]);
	pthread_mutex_unlock(&mutexes[i]);
	return NULL;
}

static int save(void)
{
	int file = open("dump", O_WRONLY | O_CREAT | O_TRUNC, 0600);
	ssize_t written = write(file, jobs, sizeof jobs);

	close(file);
	return written == sizeof jobs ? 0 : 1;
}

int main(void)
{
	pthread_t threads[THREADS];
	int status = 1;

	pthread_barrier_init(&started, NULL, THREADS + 1);
	for (int i = 0; i < THREADS; i++) {
		pthread_mutex_init(&mutexes[i], NULL);
		pthread_cond_init(&conditions[i], NULL);
		pthread_create(&threads[i], NULL, background, &jobs[i]);
	}
	pthread_barrier_wait(&started);
	for (int i = 0; i < THREADS; i++) {
		/* All have given it up, and wait: so they do for the rest of the time. */
		pthread_mutex_lock(&mutexes[i]);
		pthread_mutex_unlock(&mutexes[i]);
	}
	pid_t child = fork();
	if (child == 0)
		_exit(save());
	waitpid(child, &status, 0);
	for (int i = 0; i < THREADS; i++) {
		pthread_mutex_lock(&mutexes[i]);
		jobs[i] = 1;
		pthread_cond_signal(&conditions[i]);
		pthread_mutex_unlock(&mutexes[i]);
		pthread_join(threads[i], NULL);
	}
	return status;
}
