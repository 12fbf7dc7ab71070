/*
 * A process that ends takes its own locks along: who ends it by exit does not ask what others hold,
 * who ends it for an error does not tidy up. A forked child has copies of the locks that were held,
 * and what it does not unlock is its own.
 *
 * exit: 3
 */
#include <pthread.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t mine = PTHREAD_MUTEX_INITIALIZER;
static pthread_barrier_t both;

static void *hold_for_ever(void *arg)
{
	pthread_mutex_lock(&lock);
	pthread_barrier_wait(&both);
	for (;;)
		pause();
	return arg;
}

int main(void)
{
	pthread_t thread;

	pthread_mutex_lock(&mine);
	if (fork() == 0)
		_exit(0);
	wait(NULL);
	pthread_mutex_unlock(&mine);

	if (fork() == 0) {
		pthread_barrier_init(&both, NULL, 2);
		pthread_create(&thread, NULL, hold_for_ever, NULL);
		pthread_barrier_wait(&both);
		exit(0);
	}
	wait(NULL);
	pthread_mutex_lock(&mine);
	exit(3);
}
