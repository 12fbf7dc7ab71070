/*
 * Processes end with a lock that others share: by _exit, and by running another program.
 *
 * expect: exit-holding-lock - lock_and_exit try_to_lock_it error
 * expect: exit-holding-lock - lock_and_exec warning
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

struct shared {
	pthread_mutex_t first, second;
};

static void lock_and_exit(struct shared *shared)
{
	pthread_mutex_lock(&shared->first);
	_exit(0);
}

static void lock_and_exec(struct shared *shared)
{
	pthread_mutex_lock(&shared->second);
	execl("/nonexistent/true", "true", (char *)NULL);
	execl("/bin/true", "true", (char *)NULL);
	abort();
}

static void try_to_lock_it(struct shared *shared)
{
	if (pthread_mutex_trylock(&shared->first) == 0)
		pthread_mutex_unlock(&shared->first);
	else
		puts("busy");
}

int main(void)
{
	struct shared *shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
				     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pthread_mutexattr_t attributes;

	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
	pthread_mutex_init(&shared->first, &attributes);
	pthread_mutex_init(&shared->second, &attributes);
	if (fork() == 0)
		lock_and_exit(shared);
	wait(NULL);
	if (fork() == 0)
		lock_and_exec(shared);
	wait(NULL);
	try_to_lock_it(shared);
	return 0;
}
