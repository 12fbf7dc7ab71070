/*
 * A condition variable is destroyed while a thread waits on it. glibc's pthread_cond_destroy waits
 * until nobody does any more; here that never comes, and an alarm ends the program.
 *
 * expect: destroy-busy changed destroy_it wait_for_change
 * exit: 3
 */
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static pthread_barrier_t begun;
static int is_changed;

static void *wait_for_change(void *unused)
{
	pthread_mutex_lock(&mutex);
	pthread_barrier_wait(&begun);
	while (!is_changed)
		pthread_cond_wait(&changed, &mutex);
	pthread_mutex_unlock(&mutex);
	return unused;
}

static void give_up(int signal)
{
	(void)signal;
	_exit(3);
}

static void destroy_it(void)
{
	pthread_cond_destroy(&changed);
}

int main(void)
{
	pthread_t thread;

	pthread_barrier_init(&begun, NULL, 2);
	pthread_create(&thread, NULL, wait_for_change, NULL);
	pthread_barrier_wait(&begun);
	pthread_mutex_lock(&mutex);
	pthread_mutex_unlock(&mutex);
	signal(SIGALRM, give_up);
	alarm(1);
	destroy_it();
	return pthread_join(thread, NULL);
}
