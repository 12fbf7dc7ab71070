/*
 * Two programs (this one, and itself by exec) share a named semaphore, and a semaphore and a robust
 * mutex in memory with a name; the second opens what the first has initialised.
 */
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

struct shared {
	pthread_mutex_t mutex;
	sem_t answered;
	int value;
};

static struct shared *map(const char *name, int flags)
{
	int file = shm_open(name, O_RDWR | flags, 0600);

	if (file < 0 || (flags && ftruncate(file, sizeof(struct shared)) != 0))
		exit(4);
	struct shared *shared =
		mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
	close(file);
	return shared;
}

static int second(const char *name)
{
	struct shared *shared = map(name, 0);
	sem_t *asked = sem_open(name, 0);

	sem_wait(asked);
	pthread_mutex_lock(&shared->mutex);
	shared->value++;
	pthread_mutex_unlock(&shared->mutex);
	sem_post(&shared->answered);
	return sem_close(asked);
}

int main(int argc, char **argv)
{
	char name[40];
	pthread_mutexattr_t attributes;
	int status = 1;

	if (argc > 1)
		return second(argv[1]);
	snprintf(name, sizeof name, "/legal_two_programs.%d", (int)getpid());
	struct shared *shared = map(name, O_CREAT | O_EXCL);
	sem_t *asked = sem_open(name, O_CREAT | O_EXCL, 0600, 0);
	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
	pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
	pthread_mutex_init(&shared->mutex, &attributes);
	sem_init(&shared->answered, 1, 0);
	pid_t child = fork();
	if (child == 0) {
		execl("/proc/self/exe", argv[0], name, (char *)NULL);
		_exit(127);
	}
	pthread_mutex_lock(&shared->mutex);
	shared->value++;
	pthread_mutex_unlock(&shared->mutex);
	sem_post(asked);
	sem_wait(&shared->answered);
	waitpid(child, &status, 0);
	sem_close(asked);
	sem_unlink(name);
	shm_unlink(name);
	return status || shared->value != 2;
}
