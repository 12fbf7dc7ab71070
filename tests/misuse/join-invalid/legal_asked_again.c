/*
 * A join that did not happen may be tried again, by others, too: with a time limit that ran out, or
 * by pthread_tryjoin_np that said EBUSY. A thread that ended may be sent signals until it is
 * joined, a detached one until it ends.
 */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

static pthread_barrier_t both;
static pthread_t worker, daemon_thread;

static void *work(void *arg)
{
	pthread_barrier_wait(&both);
	pthread_barrier_wait(&both);
	return arg;
}

static void expect(int error, int expected)
{
	if (error != expected)
		abort();
}

static void *give_up(void *arg)
{
	struct timespec past = {.tv_sec = 1};

	expect(pthread_timedjoin_np(worker, NULL, &past), ETIMEDOUT);
	expect(pthread_tryjoin_np(worker, NULL), EBUSY);
	return arg;
}

int main(void)
{
	pthread_t other;

	pthread_barrier_init(&both, NULL, 2);
	pthread_create(&worker, NULL, work, NULL);
	give_up(NULL);
	pthread_create(&other, NULL, give_up, NULL);
	pthread_join(other, NULL);
	pthread_barrier_wait(&both);
	expect(pthread_kill(worker, SIGWINCH), 0);
	pthread_barrier_wait(&both);
	pthread_kill(worker, SIGWINCH);
	pthread_join(worker, NULL);

	pthread_create(&daemon_thread, NULL, work, NULL);
	pthread_detach(daemon_thread);
	pthread_barrier_wait(&both);
	expect(pthread_kill(daemon_thread, SIGWINCH), 0);
	pthread_barrier_wait(&both);
	return 0;
}
