/*
 * Signals and broadcasts after the unlock: POSIX allows it, the waiter looks at the state itself.
 */
#include <pthread.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int turn;

static void await(int wanted)
{
	pthread_mutex_lock(&mutex);
	while (turn < wanted)
		pthread_cond_wait(&changed, &mutex);
	pthread_mutex_unlock(&mutex);
}

static void advance(int to, int (*wake)(pthread_cond_t *))
{
	pthread_mutex_lock(&mutex);
	turn = to;
	pthread_mutex_unlock(&mutex);
	wake(&changed);
}

static void *follow(void *unused)
{
	await(1);
	advance(2, pthread_cond_broadcast);
	await(3);
	return unused;
}

int main(void)
{
	pthread_t follower;

	pthread_create(&follower, NULL, follow, NULL);
	advance(1, pthread_cond_signal);
	await(2);
	advance(3, pthread_cond_signal);
	return pthread_join(follower, NULL);
}
