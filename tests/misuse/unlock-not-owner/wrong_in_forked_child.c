/*
 * A mutex in memory that parent and child share: the parent locks it and forks, the child unlocks
 * it when it is ready. The child is not who locked it; a process-shared semaphore is what was
 * meant.
 *
 * expect: unlock-not-owner - say_ready take_for_child error
 */
#include <pthread.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static pthread_mutex_t *ready;

static void take_for_child(void)
{
	pthread_mutex_lock(ready);
}

static void say_ready(void)
{
	pthread_mutex_unlock(ready);
}

int main(void)
{
	pthread_mutexattr_t attributes;
	pid_t child;

	ready = mmap(NULL, sizeof(*ready), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		     0);
	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
	pthread_mutex_init(ready, &attributes);
	take_for_child();
	child = fork();
	if (child == 0) {
		say_ready();
		_exit(0);
	}
	pthread_mutex_lock(ready); /* until the child is ready */
	pthread_mutex_unlock(ready);
	waitpid(child, NULL, 0);
	return 0;
}
