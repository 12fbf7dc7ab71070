/*
 * System V shared memory.
 *   sysv_shm            every way in which shmat and shmdt come out
 *   sysv_shm abba       two processes that have the segment at different addresses lock its two
 *                       mutexes in opposite orders, and deadlock for certain
 */
#include <sys/shm.h>

#include "ipc_wait.h"

struct shared {
	pthread_mutex_t a, b;
	pthread_barrier_t both;
	long count;
};

static int segment;

static int make(size_t size)
{
	int id = shmget(IPC_PRIVATE, size, 0600 | IPC_CREAT);

	ipc_need(id >= 0, "shmget");
	ipc_made("-m %d\n", id);
	return id;
}

static struct shared *attach(void)
{
	struct shared *shared = shmat(segment, NULL, 0);

	ipc_need(shared != (void *)-1, "shmat");
	return shared;
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

static int abba(void)
{
	struct shared *shared, *other;
	pid_t child;

	segment = make(sizeof(*shared));
	shared = attach();
	set_up(shared);
	child = fork();
	if (child == 0) {
		other = attach();
		ipc_need(shmctl(segment, IPC_RMID, NULL) == 0 && other != shared, "attach");
		take(other, &other->b, &other->a);
		_exit(0);
	}
	take(shared, &shared->a, &shared->b);
	return waitpid(child, NULL, 0) == child ? 0 : 1;
}

static void count(struct shared *shared)
{
	for (int i = 0; i < 500; i++) {
		pthread_mutex_lock(&shared->a);
		shared->count++;
		pthread_mutex_unlock(&shared->a);
	}
}

static int in_child(struct shared *inherited)
{
	struct shared *again = attach();

	count(inherited);
	count(again);
	SAY(shmdt(inherited));
	SAY(shmdt(inherited));
	count(again);
	SAY(shmdt(again));
	return 0;
}

static void errors(void)
{
	SAY(shmat(-1, NULL, 0));
	SAY(shmat(segment, (void *)17, 0));
	SAY(shmat(segment, NULL, SHM_REMAP));
	SAY(shmdt(NULL));
	SAY(shmdt((void *)4096));
	SAY(shmdt(&segment));
}

/* Attached over another attachment, which then is gone. */
static void remap(void)
{
	int second = make(4 * IPC_PAGE);
	struct shared *shared = attach();
	char *memory = (char *)shared;

	ipc_need(shmat(second, shared, SHM_RDONLY) == (void *)-1 && errno == EINVAL, "busy");
	errno = 0;
	set_up(shared);
	pthread_mutex_lock(&shared->a);
	pthread_mutex_unlock(&shared->a);
	SAY(shmat(second, shared, SHM_REMAP) == shared);
	SAY(shmctl(second, IPC_RMID, NULL));
	SAY(memory[0] = 1);
	SAY(shmdt(shared));
}

int main(int argc, char **argv)
{
	struct shared *shared;
	pid_t child;

	errno = 0;
	if (argc > 1 && strcmp(argv[1], "abba") == 0)
		return abba();
	segment = make(3 * IPC_PAGE + 1);
	shared = attach();
	set_up(shared);
	errors();
	fflush(stdout);
	child = fork();
	if (child == 0)
		return in_child(shared);
	count(shared);
	ipc_reap(child, "child");
	SAY(shared->count);
	SAY(shmdt(shared));
	remap();
	SAY(shmctl(segment, IPC_RMID, NULL));
	SAY(shmat(segment, NULL, 0));
	return 0;
}
