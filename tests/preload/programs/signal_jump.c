/*
 * A timer's handler jumps out of whatever it interrupts, at most times a lock or unlock, until it
 * has done so often enough. Then a number of pairs without a timer.
 *
 *   signal_jump JUMPS PAIRS [deep]     deep: the jumps are out of calls further down the stack
 */
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static sigjmp_buf back;
static volatile int jumps;

static void jump(int signal)
{
	(void)signal;
	jumps++;
	siglongjmp(back, 1);
}

static void pair(void)
{
	pthread_mutex_lock(&mutex);
	pthread_mutex_unlock(&mutex);
}

static __attribute__((noinline)) void pair_below(int depth)
{
	volatile char frame[64];

	frame[0] = (char)depth;
	if (depth)
		pair_below(depth - 1);
	else
		pair();
	frame[1] = frame[0];
}

int main(int argc, char **argv)
{
	struct itimerval every = {{0, 50}, {0, 50}}, never = {{0, 0}, {0, 0}};
	int wanted = argc > 2 ? atoi(argv[1]) : 0, pairs = argc > 2 ? atoi(argv[2]) : 0;
	int depth = argc > 3 && strcmp(argv[3], "deep") == 0 ? 10 : 0;

	signal(SIGALRM, jump);
	if (sigsetjmp(back, 1) == 0)
		setitimer(ITIMER_REAL, &every, NULL);
	/* the jump may have left it locked */
	pthread_mutex_init(&mutex, NULL);
	while (jumps < wanted)
		pair_below(depth);
	sigsetjmp(back, 1); /* one more may be on its way */
	setitimer(ITIMER_REAL, &never, NULL);
	pthread_mutex_init(&mutex, NULL);
	for (int i = 0; i < pairs; i++)
		pair();
	printf("%d\n", pairs);
	return 6;
}
