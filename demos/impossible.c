/*
 * Teaches: what a thread has just stored need not be there any more when it looks.
 *
 * Two threads store their own number in `x` and check at once whether it is there. For one thread
 * alone the check cannot fail.
 *
 *   impossible          threads see the impossible
 *   impossible --fixed  store and check are under one lock: nobody does
 *
 * Built for recording accesses (build/demos/race/impossible, or conctrace cc): rule data-race on
 * `x`, and nothing of the fixed one.
 */
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define ROUNDS 20

struct worker {
	pthread_t thread;
	int number, impossible;
};

static int x, fixed;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void *work(void *argument)
{
	struct worker *me = argument;

	for (int i = 0; i < ROUNDS; i++) {
		if (fixed)
			pthread_mutex_lock(&lock);
		x = me->number;
		nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL); /* lets the other come */
		if (x != me->number)
			me->impossible = 1;
		if (fixed)
			pthread_mutex_unlock(&lock);
	}
	return NULL;
}

int main(int argc, char **argv)
{
	struct worker workers[2] = {{.number = 1}, {.number = 2}};

	fixed = argc > 1 && strcmp(argv[1], "--fixed") == 0;
	for (int i = 0; i < 2; i++)
		pthread_create(&workers[i].thread, NULL, work, &workers[i]);
	for (int i = 0; i < 2; i++)
		pthread_join(workers[i].thread, NULL);
	if (workers[0].impossible || workers[1].impossible)
		printf("x = v; and x != v: it happened\n");
	else
		printf("x = v; and x == v, always\n");
	return 0;
}
