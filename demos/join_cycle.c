/*
 * Teaches: waiting for a thread is waiting for a resource, and such waits can form a cycle too.
 *
 *   join_cycle           two threads join each other and hang for ever. conctrace: rule deadlock,
 *                        the cycle of two, exit status 66
 *   join_cycle --three   the same in a ring of three
 *   join_cycle --self    a thread joins itself: the C library refuses (EDEADLK), so nothing hangs.
 *                        conctrace: rule self-deadlock, exit status 66
 *   join_cycle --fixed   each joins the next, and the last joins nobody: ends, nothing to say
 */
#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static pthread_t threads[3];
static pthread_barrier_t all_exist;
static int count = 2, fixed;

static void *friend_of_next(void *number)
{
	int i = (int)(intptr_t)number;

	pthread_barrier_wait(&all_exist);
	if (fixed && i == count - 1)
		return NULL;
	pthread_join(threads[(i + 1) % count], NULL);
	return NULL;
}

static int join_oneself(void)
{
	int refused = pthread_join(pthread_self(), NULL) == EDEADLK;

	printf("a thread that joins itself: %s\n", refused ? "refused" : "joined");
	return refused ? 0 : 1;
}

int main(int argc, char **argv)
{
	fixed = argc > 1 && strcmp(argv[1], "--fixed") == 0;
	if (argc > 1 && strcmp(argv[1], "--self") == 0)
		return join_oneself();
	if (argc > 1 && strcmp(argv[1], "--three") == 0)
		count = 3;
	pthread_barrier_init(&all_exist, NULL, (unsigned)count + 1);
	for (int i = 0; i < count; i++)
		pthread_create(&threads[i], NULL, friend_of_next, (void *)(intptr_t)i);
	pthread_barrier_wait(&all_exist);
	if (fixed) {
		pthread_join(threads[0], NULL);
		printf("all joined\n");
		return 0;
	}
	pthread_exit(NULL); /* the others decide when the program ends */
}
