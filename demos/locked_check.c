/*
 * Teaches: to ask whether a lock is free, and then to act on the answer, is no locking.
 *
 * "If nobody has the lock, take it; count up; if it is locked, unlock it." The second thread comes
 * while the first has the lock: it counts without it, and then gives back the lock of the first.
 *
 *   locked_check          an update is lost: prints 1 instead of 2
 *   locked_check --fixed  lock, count up, unlock: prints 2, and conctrace has nothing to say
 *
 * Built for recording accesses (build/demos/race/locked_check, or conctrace cc): rule data-race on
 * `count`, twice: one thread counts without the lock that the other has, and then the other one
 * goes on without it as well.
 */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

struct worker {
	pthread_t thread;
	int begins_ms, pause_ms;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int count, fixed;

static int is_locked(void)
{
	if (pthread_mutex_trylock(&lock) == EBUSY)
		return 1; /* it was. Whether it is by now, nobody knows */
	pthread_mutex_unlock(&lock);
	return 0;
}

static void sleep_ms(int ms)
{
	nanosleep(&(struct timespec){.tv_nsec = ms * 1000000L}, NULL);
}

static void count_up(int pause_ms)
{
	int have = count;

	sleep_ms(pause_ms);
	count = have + 1;
}

static void *work(void *argument)
{
	const struct worker *me = argument;

	sleep_ms(me->begins_ms);
	if (fixed || !is_locked())
		pthread_mutex_lock(&lock);
	count_up(me->pause_ms);
	if (fixed || is_locked())
		pthread_mutex_unlock(&lock);
	return NULL;
}

int main(int argc, char **argv)
{
	/* the second thread counts while the first one does */
	struct worker workers[2] = {{.pause_ms = 300}, {.begins_ms = 100}};

	fixed = argc > 1 && strcmp(argv[1], "--fixed") == 0;
	for (int i = 0; i < 2; i++)
		pthread_create(&workers[i].thread, NULL, work, &workers[i]);
	for (int i = 0; i < 2; i++)
		pthread_join(workers[i].thread, NULL);
	printf("count %d\n", count);
	return 0;
}
