/*
 * A handler that jumps out of itself, as a time limit for a computation: what comes after the jump
 * is not in the handler any more.
 */
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/time.h>
#include <unistd.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static sigjmp_buf too_late;
static volatile unsigned long steps;

static void give_up(int signal)
{
	siglongjmp(too_late, signal);
}

static __attribute__((noinline)) void compute(void)
{
	for (;;)
		steps++;
}

static void lock_and_print(int depth)
{
	char room[2000];

	room[0] = room[sizeof(room) - 1] = 0;
	if (depth) {
		lock_and_print(depth - 1);
		return;
	}
	pthread_mutex_lock(&mutex);
	printf("gave up%s%s\n", room, room + sizeof(room) - 1);
	free(malloc(100));
	pthread_mutex_unlock(&mutex);
}

int main(void)
{
	signal(SIGALRM, give_up);
	for (int round = 0; round < 2; round++) {
		if (sigsetjmp(too_late, 1) == 0) {
			ualarm(1000, 0);
			compute();
		}
		lock_and_print(10);
	}
	return 0;
}
