/*
 * Ways to end a thread properly: joined by another thread than its creator, joined when it has long
 * ended, pthread_tryjoin_np and pthread_timedjoin_np that are refused first, detached when it may
 * have ended, a result that says who is to be joined next, and a chain in which each joins the one
 * before.
 */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <time.h>

static pthread_barrier_t go;

static void *at_once(void *argument)
{
	return argument;
}

static void *held_up(void *argument)
{
	pthread_barrier_wait(&go);
	return argument;
}

static void *join_it(void *thread)
{
	void *result;

	pthread_join(*(pthread_t *)thread, &result);
	return result;
}

static int by_another(void)
{
	pthread_t first, second;
	void *result;
	int value;

	pthread_create(&first, NULL, at_once, &value);
	pthread_create(&second, NULL, join_it, &first);
	pthread_join(second, &result);
	return result == &value;
}

static int by_tries(void)
{
	pthread_t thread;
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	pthread_create(&thread, NULL, held_up, NULL);
	int refused = pthread_tryjoin_np(thread, NULL) == EBUSY &&
		      pthread_timedjoin_np(thread, NULL, &now) == ETIMEDOUT;
	pthread_barrier_wait(&go);
	while (pthread_tryjoin_np(thread, NULL) == EBUSY)
		sched_yield();
	return refused;
}

static void by_detaching(void)
{
	pthread_t early, late;

	pthread_create(&early, NULL, held_up, NULL);
	pthread_detach(early);
	pthread_barrier_wait(&go);
	pthread_create(&late, NULL, at_once, NULL);
	pthread_detach(late);
}

static void by_a_chain(void)
{
	pthread_t threads[4];

	pthread_create(&threads[0], NULL, at_once, NULL);
	for (int i = 1; i < 4; i++)
		pthread_create(&threads[i], NULL, join_it, &threads[i - 1]);
	pthread_join(threads[3], NULL);
}

int main(void)
{
	pthread_barrier_init(&go, NULL, 2);
	if (!by_another() || !by_tries())
		return 1;
	by_a_chain();
	by_detaching();
	return 0;
}
