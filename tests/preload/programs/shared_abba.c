/*
 * Two processes, two process-shared mutexes, opposite orders: deadlocks for certain.
 *   shared_abba fork      memory of an anonymous mapping that the child inherits
 *   shared_abba shm       memory of shm_open, which the child maps anew, elsewhere
 */
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

struct shared {
	pthread_mutex_t a, b;
	pthread_barrier_t both;
};

static char name[64];

static struct shared *map_shm(int flags, size_t offset)
{
	int fd = shm_open(name, O_RDWR | flags, 0600);
	char *memory = MAP_FAILED;

	/* once more, and kept, so that parent and child see it at different addresses */
	if (fd >= 0 && ftruncate(fd, 65536) == 0) {
		for (size_t i = 0; i <= offset; i++)
			memory = mmap(NULL, 65536, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
		close(fd);
	}
	return memory == MAP_FAILED ? NULL : (struct shared *)memory;
}

static void set_up(struct shared *shared)
{
	pthread_mutexattr_t mutex;
	pthread_barrierattr_t barrier;

	pthread_mutexattr_init(&mutex);
	pthread_mutexattr_setpshared(&mutex, PTHREAD_PROCESS_SHARED);
	pthread_barrierattr_init(&barrier);
	pthread_barrierattr_setpshared(&barrier, PTHREAD_PROCESS_SHARED);
	pthread_mutex_init(&shared->a, &mutex);
	pthread_mutex_init(&shared->b, &mutex);
	pthread_barrier_init(&shared->both, &barrier, 2);
}

static void take(struct shared *shared, pthread_mutex_t *first, pthread_mutex_t *second)
{
	pthread_mutex_lock(first);
	pthread_barrier_wait(&shared->both);
	pthread_mutex_lock(second);
	pthread_mutex_unlock(second);
	pthread_mutex_unlock(first);
}

int main(int argc, char **argv)
{
	int shm = argc > 1 && strcmp(argv[1], "shm") == 0;
	struct shared *shared;
	pid_t child;

	snprintf(name, sizeof(name), "/ct-test-%d", (int)getpid());
	shared = shm ? map_shm(O_CREAT | O_EXCL, 0)
		     : mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (!shared || shared == MAP_FAILED)
		return 1;
	set_up(shared);
	child = fork();
	if (child == 0) {
		if (shm)
			shared = map_shm(0, 1);
		shm_unlink(name);
		take(shared, &shared->b, &shared->a);
		_exit(0);
	}
	take(shared, &shared->a, &shared->b);
	return waitpid(child, NULL, 0) == child ? 0 : 1;
}
