/*
 * A barrier is destroyed while a thread waits there for others to arrive. glibc waits in
 * pthread_barrier_destroy until it has left, which it never does; an alarm ends the program.
 *
 * expect: destroy-busy barrier destroy_it arrive init_it
 * exit: 3
 */
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>

static pthread_barrier_t barrier;

static void init_it(void)
{
	pthread_barrier_init(&barrier, NULL, 2);
}

static void *arrive(void *unused)
{
	pthread_barrier_wait(&barrier);
	return unused;
}

/* Nothing but the barrier itself tells that a thread has arrived: its count of them, in glibc. Read
 * by an instruction that can be no data race. */
static void wait_for_arrival(void)
{
	atomic_uint *arrived = (void *)&barrier;

	while (atomic_fetch_add(arrived, 0) == 0)
		sched_yield();
}

static void give_up(int signal)
{
	(void)signal;
	_exit(3);
}

static void destroy_it(void)
{
	pthread_barrier_destroy(&barrier);
}

int main(void)
{
	pthread_t thread;

	init_it();
	pthread_create(&thread, NULL, arrive, NULL);
	wait_for_arrival();
	signal(SIGALRM, give_up);
	alarm(1);
	destroy_it();
	return pthread_join(thread, NULL);
}
